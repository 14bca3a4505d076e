//! Digests tell values apart, and are those of before.

use super::*;

/// Values of one type: those of two types are told apart by the names of their fields.
#[track_caller]
fn check(values: &[&dyn Digested]) {
    let digests: Vec<Digest> = values.iter().map(digest_of).collect();
    for (index, digest) in digests.iter().enumerate() {
        assert!(!digests[..index].contains(digest), "value {index}");
    }
}

#[test]
fn values_that_differ_have_digests_that_differ() {
    check(&[&"", &"a", &"b", &"ab"]);
    check(&[&vec!["a", ""], &vec!["", "a"], &vec!["a"], &vec![""], &Vec::<&str>::new()]);
    check(&[&None::<String>, &Some(String::new()), &Some("a".to_owned())]);
    check(&[&("a", "bc"), &("ab", "c")]);
    check(&[&1.0, &0.0, &-0.0, &f64::NAN]);
    assert_eq!(digest_of(&1u32), digest_of(&1u64));
}

#[test]
fn a_name_is_a_part_of_the_digest() {
    struct Named(&'static str);
    impl Digested for Named {
        fn digest_into(&self, to: &mut Digester) {
            to.field(self.0, "value");
        }
    }
    assert_ne!(digest_of(&Named("a")), digest_of(&Named("b")));
    // The digest of another day: BLAKE3 of "\1\0\0\0\0\0\0\0a\5\0\0\0\0\0\0\0value".
    let bytes = [&1u64.to_le_bytes()[..], b"a", &5u64.to_le_bytes(), b"value"].concat();
    assert_eq!(digest_of(&Named("a")), digest_of_bytes(&bytes));
    assert_eq!(digest_of_reader(&bytes[..]).unwrap(), digest_of_bytes(&bytes));
    // The test vector of BLAKE3 for no bytes.
    assert_eq!(hex(&digest_of_bytes(b""), 16), "af1349b9f5f9a1a6");
}
