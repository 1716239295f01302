//! Pictures and sound: what is asked so that who doesn't read well can answer, too. Each says in words what is
//! seen or heard (WCAG 2.2, 1.1.1 and 1.2.1).

use uuid::Uuid;

use super::{Consultation, ConsultationStatus, MediumKind, MediumType, Question};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// The most bytes of a picture or a piece of sound: a minute of speech, a picture for a whole screen.
const MOST_BYTES: usize = 180_000;
/// The most pictures and pieces of sound of a consultation.
const MOST_MEDIA: usize = 100;

/// A picture, or a piece of sound, of a consultation (beeld, geluid).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medium {
    /// Its id.
    pub id: Uuid,
    /// To which question it belongs; none: to the consultation as a whole.
    pub question_id: Option<Uuid>,
    /// To which of that question's options; none: to the question.
    pub option_id: Option<Uuid>,
    /// In which form it is.
    pub form: MediumType,
    /// What is seen, or said, in words.
    pub alternative: Texts,
    /// How long it is. Bytes.
    pub size: i32,
}

impl Medium {
    /// What it belongs to that isn't asked: `reference.unknown` at `/questionId` or `/optionId`.
    pub fn unknown(&self, questions: &[Question]) -> Option<Fault> {
        let known = self.question_id.and_then(|id| questions.iter().find(|question| question.id == id));
        if self.question_id.is_some() && known.is_none() {
            return Some(Fault::body("/questionId", "reference.unknown"));
        }
        let has = |id: Uuid| known.is_some_and(|question| question.kind.options().iter().any(|one| one.id == id));
        self.option_id.is_some_and(|id| !has(id)).then(|| Fault::body("/optionId", "reference.unknown"))
    }
}

impl MediumType {
    /// What these bytes are, by how they begin; none where it is nothing that we know.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let at = |from: usize, mark: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(mark));
        let frame = || bytes.first() == Some(&0xFF) && bytes.get(1).is_some_and(|next| matches!(next, 0xFA | 0xFB));
        [
            (Self::Jpeg, at(0, &[0xFF, 0xD8, 0xFF])),
            (Self::Png, at(0, b"\x89PNG\r\n\x1a\n")),
            (Self::Webp, at(0, b"RIFF") && at(8, b"WEBP")),
            (Self::Mp3, at(0, b"ID3") || frame()),
            (Self::Ogg, at(0, b"OggS")),
            (Self::Mp4, at(4, b"ftypM4A")),
        ]
        .into_iter()
        .find_map(|(kind, fits)| fits.then_some(kind))
    }

    /// Whether it is seen or heard.
    pub const fn kind(self) -> MediumKind {
        match self {
            Self::Jpeg | Self::Png | Self::Webp => MediumKind::Picture,
            Self::Mp3 | Self::Ogg | Self::Mp4 => MediumKind::Sound,
        }
    }
}

/// What these bytes are, where they can be shown or heard.
///
/// # Errors
/// At `/content` `medium.too_large` (180,000 bytes) or `medium.unknown_type`.
pub fn form_of(content: &[u8]) -> Result<MediumType, Fault> {
    if content.len() > MOST_BYTES {
        return Err(Fault::body("/content", "medium.too_large"));
    }
    MediumType::of(content).ok_or_else(|| Fault::body("/content", "medium.unknown_type"))
}

/// That what a consultation shows can change, of which so many people answered as far as that may be known. What
/// people answer to stays: of an anonymous one from opening on.
///
/// # Errors
/// [`Refusal::Conflict`] `medium.fixed`.
pub fn may_change_media(consultation: &Consultation, responses: i64) -> Result<(), Refusal> {
    let open = consultation.status == ConsultationStatus::Open && !consultation.is_anonymous() && responses == 0;
    let free = open || consultation.status == ConsultationStatus::Draft;
    if free { Ok(()) } else { Err(Refusal::Conflict("medium.fixed")) }
}

/// That a consultation with so many takes another.
///
/// # Errors
/// [`Refusal::Conflict`] `medium.too_many` (100).
pub const fn may_have_another(has: usize) -> Result<(), Refusal> {
    if has < MOST_MEDIA { Ok(()) } else { Err(Refusal::Conflict("medium.too_many")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::ConsultationMode;
    use crate::consultations::samples::{consultation, id, open, questions, texts};

    #[test]
    fn what_it_is_is_told_by_how_it_begins() {
        let known: [(&[u8], MediumType); 7] = [
            (&[0xFF, 0xD8, 0xFF, 0xE0], MediumType::Jpeg),
            (b"\x89PNG\r\n\x1a\n....", MediumType::Png),
            (b"RIFF\0\0\0\0WEBPVP8 ", MediumType::Webp),
            (b"ID3\x04", MediumType::Mp3),
            (&[0xFF, 0xFB, 0x90], MediumType::Mp3),
            (b"OggS\0", MediumType::Ogg),
            (b"\0\0\0\x20ftypM4A ", MediumType::Mp4),
        ];
        for (bytes, expected) in known {
            assert_eq!(form_of(bytes), Ok(expected));
        }
        for other in [b"<svg/>".as_slice(), b"GIF89a", b"RIFF\0\0\0\0WAVE", b"<script>", b"", b"\0\0\0\x20ftypqt  "] {
            assert_eq!(form_of(other), Err(Fault::body("/content", "medium.unknown_type")));
        }
        let large = [b"OggS".to_vec(), vec![0; MOST_BYTES]].concat();
        assert_eq!(form_of(&large), Err(Fault::body("/content", "medium.too_large")));
        assert_eq!(MediumType::Png.kind(), MediumKind::Picture);
        assert_eq!(MediumType::Ogg.kind(), MediumKind::Sound);
    }

    #[test]
    fn what_people_answer_to_stays() {
        assert!(may_change_media(&consultation(), 0).is_ok() && may_change_media(&open(), 0).is_ok());
        let anonymous = Consultation { mode: ConsultationMode::Anonymous, ..open() };
        let closed = Consultation { status: ConsultationStatus::Closed, ..open() };
        for (asked, responses) in [(&open(), 1), (&anonymous, 0), (&closed, 0)] {
            assert_eq!(may_change_media(asked, responses), Err(Refusal::Conflict("medium.fixed")));
        }
        assert!(may_have_another(99).is_ok());
        assert_eq!(may_have_another(100), Err(Refusal::Conflict("medium.too_many")));
    }

    #[test]
    fn it_belongs_to_what_is_asked() {
        let medium = |question: Option<u128>, option: Option<u128>| Medium {
            id: id(1),
            question_id: question.map(id),
            option_id: option.map(id),
            form: MediumType::Png,
            alternative: texts("Een huis."),
            size: 1,
        };
        let unknown = |medium: Medium| medium.unknown(&questions()).map(|fault| fault.location);
        for known in [medium(None, None), medium(Some(101), None), medium(Some(101), Some(1000))] {
            assert_eq!(unknown(known), None);
        }
        assert_eq!(unknown(medium(Some(9), Some(1000))).as_deref(), Some("/questionId"));
        for stray in [medium(Some(101), Some(9)), medium(Some(104), Some(1000)), medium(None, Some(1000))] {
            assert_eq!(unknown(stray).as_deref(), Some("/optionId"));
        }
    }
}
