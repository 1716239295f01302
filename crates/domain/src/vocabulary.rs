//! How a closed list of words is written down once.

/// A code that is not one of a vocabulary's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is not a {vocabulary}")]
pub struct UnknownCode {
    /// The vocabulary that was asked.
    pub vocabulary: &'static str,
    /// The code that it does not know.
    pub code: String,
}

/// Declares an enum whose variants each have one stable code: the code on the
/// wire, in the database and in the document are the same word.
macro_rules! vocabulary {
    ($(#[doc = $about:literal])* $name:ident { $($(#[doc = $meaning:literal])* $variant:ident => $code:literal,)+ }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[doc = $meaning])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// Every word, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code of this word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What this word means, for people.
            pub fn meaning(self) -> &'static str {
                let meaning = match self { $(Self::$variant => concat!($($meaning),*),)+ };
                meaning.trim()
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownCode;
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                $crate::vocabulary::find(stringify!($name), Self::ALL, Self::code, code)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let words = [$(($code, concat!($($meaning),*)),)+];
                $crate::vocabulary::schema(concat!($($about),*), &words)
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}

/// The word with this code.
pub(crate) fn find<T: Copy>(
    vocabulary: &'static str,
    words: &[T],
    code_of: fn(T) -> &'static str,
    code: &str,
) -> Result<T, UnknownCode> {
    let unknown = || UnknownCode { vocabulary, code: code.to_owned() };
    words.iter().copied().find(|word| code_of(*word) == code).ok_or_else(unknown)
}

/// The schema of a vocabulary: its words, each with its meaning.
pub(crate) fn schema(
    about: &str,
    words: &[(&'static str, &str)],
) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    let meanings: Vec<_> = words.iter().map(|(code, meaning)| format!("- `{code}`: {}", meaning.trim())).collect();
    let description = format!("{}\n\n{}", about.trim(), meanings.join("\n"));
    let codes = words.iter().map(|(code, _)| *code);
    let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).description(Some(description));
    schema.into()
}

pub(crate) use vocabulary;
