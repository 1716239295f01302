//! The keys of contact details: one in use, and while it is being replaced the
//! one before. Each has a number; a sealed value says under which it is. The
//! database says which is in use, so that whoever writes and whoever rotates
//! agree, on every replica.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::connect::Store;
use super::failure::Failure;
use super::keys::{KeyFolder, Secret};
use super::sealed::{FORM, cannot_open, open_rest, seal_after};
use super::tx::{Source as _, Tx};

/// The form of a value that says its key: this byte, the key's number in four
/// bytes, the nonce, the ciphertext. Under the first key the shorter form stands.
const NUMBERED: u8 = 2;

/// The name under which the folder keeps the key with this number.
pub(super) fn contact_key_name(number: u32) -> String {
    match number {
        1 => "contact".to_owned(),
        number => format!("contact.{number}"),
    }
}

/// What stands before a value that is sealed under the key with this number.
pub(super) fn head(number: u32) -> Vec<u8> {
    match number {
        1 => vec![FORM],
        number => [&[NUMBERED][..], &number.to_be_bytes()].concat(),
    }
}

/// The contact keys in the folder, each read when it is first met: a key that a
/// rotation makes is known to a running replica as soon as it meets its number.
#[derive(Clone)]
pub(crate) struct ContactKeys {
    pub(super) folder: KeyFolder,
    known: Arc<RwLock<BTreeMap<u32, Secret>>>,
}

impl ContactKeys {
    /// The keys of this folder; the first is made where there is none at all.
    pub(super) fn of(folder: &KeyFolder) -> std::io::Result<Self> {
        if !folder.has_contact_key() {
            folder.secret(&contact_key_name(1))?;
        }
        Ok(Self { folder: folder.clone(), known: Arc::default() })
    }

    /// The key with this number.
    fn get(&self, number: u32) -> Result<Secret, Failure> {
        if let Some(key) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&number) {
            return Ok(key.clone());
        }
        let name = contact_key_name(number);
        let read = self.folder.existing(&name);
        let read = read.map_err(|error| Failure::Unavailable(format!("the key {name} can't be read: {error}")))?;
        let key = read.ok_or_else(|| Failure::Broken(format!("the key {name} is not in the keys folder")))?;
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(number, key.clone());
        Ok(key)
    }

    /// What seals under the key with this number.
    pub(super) fn sealer(&self, number: u32) -> Result<ContactSealer, Failure> {
        Ok(ContactSealer { key: self.get(number)?, head: head(number) })
    }

    /// Opens a sealed contact detail, under whichever key it is.
    pub(super) fn open(&self, bound_to: &str, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
        let (form, rest) = sealed.split_first().ok_or_else(|| cannot_open(bound_to))?;
        match *form {
            FORM => open_rest(&self.get(1)?, bound_to, rest),
            NUMBERED => {
                let (number, rest) = rest.split_first_chunk().ok_or_else(|| cannot_open(bound_to))?;
                open_rest(&self.get(u32::from_be_bytes(*number))?, bound_to, rest)
            }
            _ => Err(cannot_open(bound_to)),
        }
    }
}

/// Seals contact details under the key in use; good for one transaction.
pub(crate) struct ContactSealer {
    key: Secret,
    head: Vec<u8>,
}

impl ContactSealer {
    /// Seals a contact detail, bound to where it stands (`table.column.id`).
    pub(crate) fn seal(&self, bound_to: &str, clear: &str) -> Result<Vec<u8>, Failure> {
        seal_after(&self.head, &self.key, (bound_to, clear.as_bytes()))
    }
}

/// The key in use, and the one that it is replacing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InUse {
    pub(super) number: u32,
    pub(super) retiring: Option<u32>,
}

/// Which key is in use. In a transaction that writes it stays so until that ends:
/// a rotation waits for whoever seals under the key before, and who comes later
/// waits for the rotation (on `SQLite` there is one writer at a time anyway).
pub(super) async fn in_use(beneath: &impl ConnectionTrait) -> Result<InUse, Failure> {
    let backend = beneath.get_database_backend();
    let held = if backend == DbBackend::Postgres { " FOR SHARE" } else { "" };
    let sql = format!("SELECT number, retiring FROM sealing_keys WHERE name = 'contact'{held}");
    let row = beneath.query_one_raw(Statement::from_string(backend, sql)).await?;
    let row = row.ok_or_else(|| Failure::Broken("sealing_keys names no contact key".to_owned()))?;
    let unreadable = |error| Failure::unreadable("sealing_keys", "contact", error);
    let number = u32::try_from(row.try_get::<i32>("", "number")?).map_err(unreadable)?;
    let retiring = row.try_get::<Option<i32>>("", "retiring")?.map(u32::try_from);
    Ok(InUse { number, retiring: retiring.transpose().map_err(unreadable)? })
}

impl Tx {
    /// What seals contact details in this command.
    pub(crate) async fn contact_sealer(&self) -> Result<ContactSealer, Failure> {
        let number = in_use(self.beneath()).await?.number;
        self.keys().contact.sealer(number)
    }
}

impl Store {
    /// The name of the contact key in use, when it is not in the folder.
    ///
    /// # Errors
    /// When the database or the folder can't be read.
    pub async fn missing_contact_key(&self) -> Result<Option<String>, Failure> {
        let name = contact_key_name(in_use(&self.writer).await?.number);
        let folder = &self.keys().contact.folder;
        let read = folder.existing(&name);
        let read = read.map_err(|error| Failure::Unavailable(format!("the key {name} can't be read: {error}")))?;
        Ok(read.is_none().then_some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_says_under_which_key_it_is() {
        let home = tempfile::tempdir().unwrap();
        let folder = KeyFolder::open(home.path()).unwrap();
        let (writes, reads) = (ContactKeys::of(&folder).unwrap(), ContactKeys::of(&folder).unwrap());
        let first = writes.sealer(1).unwrap().seal("t.c.1", "a@b.example").unwrap();
        assert_eq!(reads.open("t.c.1", &first).unwrap(), b"a@b.example");
        assert!(writes.sealer(2).is_err(), "a key that isn't there was made");
        folder.secret(&contact_key_name(2)).unwrap();
        let second = writes.sealer(2).unwrap().seal("t.c.1", "a@b.example").unwrap();
        assert!(second.starts_with(&head(2)) && !second.starts_with(&head(1)));
        assert_eq!(reads.open("t.c.1", &second).unwrap(), b"a@b.example");
        assert!(reads.open("t.c.2", &second).is_err());
        folder.destroy(&contact_key_name(1)).unwrap();
        folder.destroy(&contact_key_name(1)).unwrap();
        let later = ContactKeys::of(&folder).unwrap();
        assert!(later.open("t.c.1", &first).is_err(), "the first key was made anew");
        assert_eq!(later.open("t.c.1", &second).unwrap(), b"a@b.example");
        for broken in [&[][..], &[2], &[2, 0, 0, 0, 2], &[3, 1, 2, 3]] {
            assert!(later.open("t.c.1", broken).is_err());
        }
    }
}
