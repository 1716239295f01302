//! What a rule answers when it says no: one type for every refusal, so that the
//! edge can turn each into the same kind of problem document (RFC 9457).

/// Where a fault stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultIn {
    /// In the request body; the location is a JSON Pointer (RFC 6901).
    Body,
    /// In a header; the location is its name.
    Header,
    /// In the path; the location is the parameter's name.
    Path,
    /// In the query; the location is the parameter's name.
    Query,
    /// In what is stored; the location is a JSON Pointer into the resource.
    Resource,
}

/// One thing that is wrong, said without repeating the value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Where it stands.
    pub place: FaultIn,
    /// JSON Pointer or name.
    pub location: String,
    /// Stable code, for instance `text.language_repeated`.
    pub code: &'static str,
}

impl Fault {
    /// A fault at a JSON Pointer in the request body.
    pub fn body(location: impl Into<String>, code: &'static str) -> Self {
        Self { place: FaultIn::Body, location: location.into(), code }
    }

    /// A fault in what is stored.
    pub fn resource(location: impl Into<String>, code: &'static str) -> Self {
        Self { place: FaultIn::Resource, location: location.into(), code }
    }

    /// A fault in a query parameter.
    pub fn query(name: impl Into<String>, code: &'static str) -> Self {
        Self { place: FaultIn::Query, location: name.into(), code }
    }

    /// One fault for each item of a list that stood in it before, at
    /// `list/index`.
    pub fn repeated<T: PartialEq>(items: &[T], list: &str, code: &'static str) -> Vec<Self> {
        let earlier = |index: usize, item: &T| items.iter().take(index).any(|other| other == item);
        let again = items.iter().enumerate().filter(|(index, item)| earlier(*index, item));
        again.map(|(index, _)| Self::body(format!("{list}/{index}"), code)).collect()
    }

    /// The same fault, seen from one level up: `prefix` goes before a pointer.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.location = format!("{prefix}{}", self.location);
        self
    }
}

/// Why a command is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not know that the thing exists (404).
    Hidden,
    /// The caller may know of it, but may not do this (403).
    Forbidden,
    /// The request is wrong (400); all faults at once.
    Invalid(Vec<Fault>),
    /// Something that the move needs is missing in what is stored (409).
    Incomplete(Vec<Fault>),
    /// The lifecycle has no such move (409); the legal ones are named.
    IllegalMove {
        /// The moves that this caller may make from here.
        allowed: Vec<&'static str>,
    },
    /// The state of things forbids it (409), by its stable code.
    Conflict(&'static str),
    /// Somebody changed it meanwhile (412).
    Stale,
}

impl Refusal {
    /// One fault in the body.
    pub fn invalid(location: impl Into<String>, code: &'static str) -> Self {
        Self::Invalid(vec![Fault::body(location, code)])
    }

    /// `Ok` when there is no fault, else all of them, sorted.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with the faults.
    pub fn unless_clean(mut faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() {
            return Ok(());
        }
        faults.sort();
        faults.dedup();
        Err(Self::Invalid(faults))
    }
}
