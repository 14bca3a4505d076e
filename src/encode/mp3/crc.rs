//! The check sum of LAME's header.

/// CRC-16/ARC (polynomial 0x8005, reflected, from 0), continued over `bytes`: `CRC_update_lookup` of `VbrTag.c`.
pub(super) fn update(crc: u16, bytes: &[u8]) -> u16 {
    bytes.iter().fold(crc, |crc, byte| crc >> 8 ^ TABLE[usize::from(crc as u8 ^ byte)])
}

const TABLE: [u16; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut crc = index as u16;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_the_one_of_the_catalogue() {
        assert_eq!(super::update(0, b"123456789"), 0xBB3D);
    }
}
