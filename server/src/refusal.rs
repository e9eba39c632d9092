//! Why something was not done: a code of the one table, a sentence for whoever asked, and the cause for the log.
//!
//! Never holds a name, a number, an amount, a code, a token or a key; input is named, never repeated.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use anggota::card::{CardError, CardNotIssued};
use anggota::cose::CoseError;
use anggota::domain::Invalid;
use anggota::protocol::problem::Code;

use crate::checkpoints::CheckpointError;
use crate::database::DatabaseError;
use crate::import::ImportError;
use crate::keys::KeyError;

type Cause = Box<dyn Error + Send + Sync>;

/// A refusal.
#[derive(Debug)]
pub struct Refusal {
    code: Code,
    sentence: Option<Cow<'static, str>>,
    field: Option<Cow<'static, str>>,
    cause: Option<Cause>,
}

impl Refusal {
    /// With a sentence of its own in place of the code's: Indonesian, what happened and what to do.
    pub fn because(code: Code, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { sentence: Some(sentence.into()), ..code.into() }
    }

    /// A value given for `field` that breaks its rule.
    pub fn field(field: &'static str, sentence: &'static str) -> Self {
        Self { field: Some(field.into()), ..Self::because(Code::InvalidInput, sentence) }
    }

    /// A fault of the machine or of what is stored.
    pub fn caused(code: Code, cause: impl Into<Cause>) -> Self {
        Self { cause: Some(cause.into()), ..code.into() }
    }

    /// What kind of refusal.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Which value is wrong.
    pub fn field_name(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// About the value of that option.
    pub(crate) fn about(self, option: &str) -> Self {
        Self { field: Some(option.to_lowercase().replace('-', "_").into()), ..self }
    }

    /// The chain of causes, for the log.
    pub(crate) fn causes(&self) -> String {
        let mut text = self.code.as_str().to_owned();
        let mut next = self.source();
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        text
    }

    /// With this sentence in place of the code's.
    pub(crate) fn saying(self, sentence: &'static str) -> Self {
        Self { sentence: Some(sentence.into()), ..self }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence.as_deref().unwrap_or(self.code.advice()))
    }
}

impl Error for Refusal {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self { code, sentence: None, field: None, cause: None }
    }
}

impl From<DatabaseError> for Refusal {
    fn from(error: DatabaseError) -> Self {
        let (code, sentence) = match &error {
            DatabaseError::Unsupported => {
                (Code::Usage, "Baru basis data sqlite: yang didukung; pakai --database sqlite:BERKAS.")
            }
            DatabaseError::File(_) => (
                Code::StoreWrite,
                "Berkas basis data tidak dapat dibuka; periksa apakah foldernya ada dan boleh ditulisi.",
            ),
            DatabaseError::Missing => (
                Code::Unknown,
                "Berkas basis data tidak ada; periksa --database, atau impor pembukuannya lebih dahulu.",
            ),
            DatabaseError::Foreign => (
                Code::StoreUnreadable,
                "Berkas itu bukan basis data program ini dan tidak diubah; sebutkan yang lain dengan --database.",
            ),
            DatabaseError::Newer => (
                Code::StoreNewer,
                "Basis data dibuat oleh versi yang lebih baru dan tidak diubah; pasang anggota-server terbaru.",
            ),
            DatabaseError::Busy => {
                (Code::StoreBusy, "Basis data sedang dipakai perintah lain; coba lagi setelah selesai.")
            }
            DatabaseError::Full => {
                (Code::StoreWrite, "Ruang penyimpanan penuh; sediakan ruang lalu coba lagi. Tidak ada yang berubah.")
            }
            DatabaseError::Damaged(_) => (Code::StoreUnreadable, "Isi basis data rusak; pulihkan cadangan terakhir."),
            DatabaseError::NoCooperative => {
                (Code::Unknown, "Basis data belum berisi koperasi; impor pembukuannya lebih dahulu.")
            }
            DatabaseError::UnknownCooperative => {
                (Code::Unknown, "Koperasi itu tidak ada di basis data; periksa --cooperative.")
            }
            DatabaseError::SeveralCooperatives => {
                (Code::Usage, "Ada beberapa koperasi di basis data; sebutkan satu dengan --cooperative.")
            }
            DatabaseError::Sql(_) => {
                (Code::StoreUnreadable, "Basis data tidak dapat dipakai; periksa penyimpanannya lalu coba lagi.")
            }
        };
        Self::caused(code, error).saying(sentence)
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        DatabaseError::from(error).into()
    }
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        let sentence = match error {
            KeyError::Database(error) => return error.into(),
            KeyError::EpochBehind => {
                return Self::because(
                    Code::NotPossible,
                    "Basis data ini lebih lama daripada zaman pembukuan yang sudah dilihat anggota; jalankan anggota-server epoch new --reason TEKS.",
                );
            }
            KeyError::EpochUnreadable => {
                "Berkas epoch di folder --keys rusak; kembalikan cadangan kunci ke folder --keys."
            }
            KeyError::Missing(_) => "Kunci koperasi hilang; kembalikan cadangan kunci ke folder --keys.",
            KeyError::Different(_) => "Kunci di folder --keys bukan kunci basis data ini; sebutkan folder yang benar.",
            KeyError::Unreadable(..) => "Berkas kunci rusak; kembalikan cadangan kunci ke folder --keys.",
            KeyError::Exposed(_) => {
                "Berkas kunci dapat dibaca orang lain; jalankan chmod 600 pada berkas di folder --keys."
            }
            KeyError::File(..) => "Berkas kunci tidak dapat dibaca atau ditulis; periksa folder --keys.",
            KeyError::None => "Koperasi ini belum punya kunci; impor pembukuannya lebih dahulu.",
            KeyError::Making(_) => "Kunci tidak dapat dibuat; coba lagi.",
        };
        Self::caused(Code::KeyFailed, error).saying(sentence)
    }
}

impl From<CheckpointError> for Refusal {
    fn from(error: CheckpointError) -> Self {
        match error {
            CheckpointError::Keys(error) => error.into(),
            CheckpointError::Database(error) => error.into(),
            CheckpointError::Sign(error) => error.into(),
            CheckpointError::Stored(_) => Self::caused(Code::StoreUnreadable, error)
                .saying("Pernyataan yang tersimpan tidak terbukti asli; pulihkan cadangan terakhir basis data."),
        }
    }
}

impl From<CoseError> for Refusal {
    fn from(error: CoseError) -> Self {
        Self::caused(Code::KeyFailed, error)
            .saying("Kunci koperasi tidak dapat menandatangani; periksa folder --keys lalu coba lagi.")
    }
}

impl From<ring::error::Unspecified> for Refusal {
    fn from(error: ring::error::Unspecified) -> Self {
        Self::caused(Code::Internal, error)
    }
}

impl From<CardNotIssued> for Refusal {
    fn from(error: CardNotIssued) -> Self {
        Self::caused(Code::Internal, error)
    }
}

impl From<CardError> for Refusal {
    fn from(error: CardError) -> Self {
        Self::caused(Code::Internal, error)
    }
}

/// What the database holds and cannot hold.
impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        DatabaseError::Damaged(invalid).into()
    }
}

impl From<ImportError> for Refusal {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Keys(error) => error.into(),
            ImportError::Checkpoint(error) => error.into(),
            ImportError::Database(error) => error.into(),
            ImportError::Folder => Self::field("folder", "Folder pembukuan tidak ada; periksa namanya."),
            ImportError::File(..) => Self::caused(Code::InvalidInput, error)
                .saying("Berkas pembukuan tidak dapat dibaca; periksa izin berkasnya."),
        }
    }
}
