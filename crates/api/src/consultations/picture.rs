//! What a camera writes beside a picture (where, when, with what, by whom) is nobody's to read.

use img_parts::{DynImage, jpeg::markers};

/// Which parts of a PNG are the picture: the rest tells of it (PNG 3rd edition, §11).
const PNG_PARTS: [&[u8; 4]; 11] =
    [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"];

/// The same without what was written beside it; sound and what isn't known as it is; none where it is a picture
/// that can't be read.
pub(super) fn without_traces(content: Vec<u8>) -> Option<Vec<u8>> {
    let bytes = bytes::Bytes::from(content);
    match DynImage::from_bytes(bytes.clone()) {
        Ok(Some(DynImage::Jpeg(mut picture))) => {
            picture.segments_mut().retain(|part| !is_told_beside(part.marker()));
            Some(picture.encoder().bytes().to_vec())
        }
        Ok(Some(DynImage::Png(mut picture))) => {
            picture.chunks_mut().retain(|part| PNG_PARTS.contains(&&part.kind()));
            Some(picture.encoder().bytes().to_vec())
        }
        Ok(Some(DynImage::WebP(mut picture))) => {
            picture.chunks_mut().retain(|part| !matches!(&part.id(), b"EXIF" | b"XMP "));
            Some(picture.encoder().bytes().to_vec())
        }
        Ok(None) => Some(bytes.to_vec()),
        Err(_) => None,
    }
}

/// Segments for applications (but the first, which is JFIF's, and Adobe's of colours) and for remarks.
const fn is_told_beside(marker: u8) -> bool {
    matches!(marker, markers::APP1..=markers::APP13 | markers::APP15 | markers::COM)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(bytes: &[u8], word: &[u8]) -> bool {
        bytes.windows(word.len()).any(|window| window == word)
    }

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker], length.as_slice(), content].concat()
    }

    fn chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
        let sum = crc32fast::hash(&[kind.as_slice(), content].concat()).to_be_bytes();
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [length.as_slice(), &kind, content, &sum].concat()
    }

    #[test]
    fn a_picture_says_no_longer_where_it_was_taken() {
        let start = [0xFF, 0xD8];
        let scan = [segment(0xDA, &[1, 1, 0, 0, 63, 0]), vec![0x12, 0x34], vec![0xFF, 0xD9]].concat();
        let told = [segment(0xE1, b"Exif\0\0kanarie"), segment(0xFE, b"kanarie"), segment(0xED, b"Photoshop kanarie")];
        let table = segment(0xDB, &[7; 65]);
        let jpeg = [start.to_vec(), segment(0xE0, b"JFIF\0"), told.concat(), table.clone(), scan].concat();
        let png = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(*b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0]),
            chunk(*b"eXIf", b"kanarie"),
            chunk(*b"tEXt", b"Author\0kanarie"),
            chunk(*b"IDAT", &[1, 2, 3]),
            chunk(*b"IEND", &[]),
        ]
        .concat();
        let part = |kind: [u8; 4], content: &[u8]| {
            [kind.as_slice(), &u32::try_from(content.len()).unwrap().to_le_bytes(), content].concat()
        };
        let parts = [part(*b"VP8 ", &[1, 2, 3, 4]), part(*b"EXIF", b"kanarie."), part(*b"XMP ", b"kanarie.")].concat();
        let webp = part(*b"RIFF", &[b"WEBP".as_slice(), &parts].concat());
        for (bytes, kept) in [(jpeg, table.as_slice()), (png, b"IDAT"), (webp, b"VP8 ")] {
            assert!(holds(&bytes, b"kanarie"));
            let clean = without_traces(bytes.clone()).unwrap();
            assert!(!holds(&clean, b"kanarie") && holds(&clean, kept), "{clean:?}");
            assert_eq!(clean.get(..3), bytes.get(..3));
            assert_eq!(without_traces(clean.clone()), Some(clean));
        }
        assert_eq!(without_traces(b"OggS sound".to_vec()), Some(b"OggS sound".to_vec()));
        assert_eq!(without_traces([0xFF, 0xD8, 0xFF, 0xE1, 0xFF].to_vec()), None);
    }
}
