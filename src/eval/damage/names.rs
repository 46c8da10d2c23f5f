//! Invented people, papers and pictures for bylines, captions and credits.

use super::rng::Rng;

/// Written alike in Simplified and Traditional text.
const SURNAMES: &str = "王李林周吴何高宋唐于董袁曹彭江石白尹田姚金方侯邵雷崔汪毛段史易丁文施柴甘尤温柯";
const GIVEN: &str =
    "文明志安平子心小天山海川云雨雪春夏秋冬青白石木林森竹松月星日光正一之可以如意清水流江河宁";

/// Papers that don't exist.
pub(super) const PAPERS: [&str; 6] = ["青禾日报", "白渡晚报", "南屏早报", "柳塘周刊", "沙洲新报", "云岭日报"];

/// What pictures show: a few words, and a sentence that names the place.
pub(super) const PICTURES: [(&str, &str); 10] = [
    ("秋收时节", "村民在青禾县白石乡的梯田里收割晚稻。"),
    ("非遗进校园", "白渡镇的孩子们向老艺人学剪纸。"),
    ("河上新桥", "行人从柳塘河上新建成的人行桥走过。"),
    ("送医下乡", "云岭县的大夫在南屏村替老人量血压。"),
    ("欢度佳节", "云岭社区的邻里们同包一锅汤圆。"),
    ("清晨市场", "沙洲镇菜市场的摊主正在摆放蔬菜。"),
    ("赶制订单", "青禾智造公司的工人加班装配水泵。"),
    ("春茶开采", "茶农在云岭茶园里采摘头一茬春茶。"),
    ("雪后初晴", "环卫工人在白渡老街清扫积雪。"),
    ("龙舟竞渡", "十二支队伍在柳塘水库上争先。"),
];

/// Share of two-character names with a gap inside, as bylines set them to the
/// width of three. A choice.
const WIDE: f64 = 0.08;

/// A name of two or three characters.
pub(super) fn person(rng: &mut Rng) -> String {
    let surname = draw(SURNAMES, rng);
    let first = draw(GIVEN, rng);
    match rng.below(10) {
        0..3 if rng.chance(WIDE) => format!("{surname} {first}"),
        0..3 => format!("{surname}{first}"),
        _ => format!("{surname}{first}{}", draw(GIVEN, rng)),
    }
}

/// One to three names with gaps between.
pub(super) fn people(rng: &mut Rng) -> String {
    let count = [1, 1, 1, 2, 2, 3][rng.below(6)];
    (0..count).map(|_| person(rng)).collect::<Vec<_>>().join(" ")
}

fn draw(list: &str, rng: &mut Rng) -> char {
    let chars: Vec<char> = list.chars().collect();
    chars[rng.below(chars.len())]
}
