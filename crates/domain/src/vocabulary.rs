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
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident => $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
                 serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// Every word, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code of this word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownCode;
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|word| word.code() == code).ok_or_else(|| {
                    $crate::UnknownCode { vocabulary: stringify!($name), code: code.to_owned() }
                })
            }
        }
    };
}

pub(crate) use vocabulary;
