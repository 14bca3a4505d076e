//! Names of languages in two letters, as scripts give them, to names in three, as ID3 wants them.

/// ISO 639-2 for a language that has no name: undetermined.
pub(super) const UNKNOWN: &str = "und";

/// ISO 639-1 with ISO 639-2/T, the code for terminology (`deu`), which is ISO 639-3's as well; ID3v2.3 leaves
/// open which of the two codes of ISO 639-2 it means. From Debian's `iso-codes` 4.15.
const CODES: &str = "\
    aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel \
    bg:bul bh:bih bi:bis bm:bam bn:ben bo:bod br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces \
    cu:chu cv:chv cy:cym da:dan de:deu dv:div dz:dzo ee:ewe el:ell en:eng eo:epo es:spa et:est eu:eus \
    fa:fas ff:ful fi:fin fj:fij fo:fao fr:fra fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau \
    he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye hz:her ia:ina id:ind ie:ile ig:ibo ii:iii ik:ipk \
    io:ido is:isl it:ita iu:iku ja:jpn jv:jav ka:kat kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan \
    ko:kor kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit \
    lu:lub lv:lav mg:mlg mh:mah mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya na:nau nb:nob \
    nd:nde ne:nep ng:ndo nl:nld nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss \
    pa:pan pi:pli pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:ron ru:rus rw:kin sa:san sc:srd sd:snd \
    se:sme sg:sag si:sin sk:slk sl:slv sm:smo sn:sna so:som sq:sqi sr:srp ss:ssw st:sot su:sun sv:swe \
    sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi \
    ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha \
    zh:zho zu:zul";

/// The ISO 639-2 code of a language: `eng` for `en`, `en-GB` and `eng`.
pub(super) fn three_letters(language: &str) -> String {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let known = CODES.split(' ').filter_map(|pair| pair.split_once(':'));
    match known.into_iter().find(|(two, _)| *two == primary) {
        Some((_, three)) => three.to_owned(),
        None if primary.len() == 3 && primary.bytes().all(|b| b.is_ascii_lowercase()) => primary,
        None => UNKNOWN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_three_letters() {
        #[track_caller]
        fn check(language: &str, three: &str) {
            assert_eq!(three_letters(language), three);
        }
        check("en", "eng");
        check("en-GB", "eng");
        check("DE", "deu");
        check("zu", "zul");
        check("aa", "aar");
        check("hi", "hin");
        check("gsw", "gsw");
        check("", "und");
        check("english", "und");
        check("xx", "und");
        check("日本語", "und");
    }

    #[test]
    fn every_language_of_iso_639_1_is_known() {
        let pairs: Vec<&str> = CODES.split(' ').collect();
        assert_eq!(pairs.len(), 184);
        assert!(pairs.iter().all(|pair| pair.len() == 6 && pair.as_bytes()[2] == b':'));
        assert!(pairs.is_sorted());
    }
}
