//! How far vectors are from telling what goes on where: cross-entropy over the others of
//! a group, both ways (in-batch softmax: Yih et al., "Learning discriminative projections
//! for text similarity measures", CoNLL 2011).

use std::ops::Range;

use ndarray::{Array2, ArrayView2, Axis, Slice};

use super::{GROUP, side_by_side};

/// The mean of the cross-entropies of what goes on at each of so many `places`, among
/// what does elsewhere in its group and the beginnings of paragraphs that stand behind
/// the places in `behind`; and of what stands before them. With the slopes by `before`
/// and `behind`.
pub(super) fn errors(before: &Array2<f32>, behind: &Array2<f32>, places: usize) -> (f64, [Array2<f32>; 2]) {
    let beginnings = rows(behind, places..behind.nrows());
    let groups: Vec<Range<usize>> =
        (0..places).step_by(GROUP).map(|start| start..places.min(start + GROUP)).collect();
    let halves = <[_; 2]>::from(groups.split_at(groups.len() / 2)).map(|half| {
        move || {
            let of_group = |group: &Range<usize>| {
                let [before, behind] = [before, behind].map(|vectors| rows(vectors, group.clone()));
                (group.clone(), Group::of(before, behind, beginnings))
            };
            half.iter().map(of_group).collect::<Vec<_>>()
        }
    });
    let mut loss = 0.0;
    let mut slopes = [before, behind].map(|vectors| Array2::zeros(vectors.dim()));
    for (places_of_group, group) in side_by_side(halves).into_iter().flatten() {
        loss += group.loss;
        let [of_before, of_behind] = slopes.each_mut();
        of_before.slice_axis_mut(Axis(0), places_of_group.clone().into()).assign(&group.of_before);
        of_behind.slice_axis_mut(Axis(0), places_of_group.into()).assign(&group.of_behind);
        let mut of_beginnings = of_behind.slice_axis_mut(Axis(0), Slice::from(places..));
        of_beginnings += &group.of_beginnings;
    }
    // Each place was asked for twice.
    let share = 1.0 / (2 * places) as f32;
    slopes.iter_mut().for_each(|slopes| *slopes *= share);
    (loss / (2 * places) as f64, slopes)
}

fn rows(vectors: &Array2<f32>, rows: Range<usize>) -> ArrayView2<'_, f32> {
    vectors.slice_axis(Axis(0), rows.into())
}

/// The sum of the cross-entropies of a group, and its slopes.
struct Group {
    loss: f64,
    of_before: Array2<f32>,
    of_behind: Array2<f32>,
    of_beginnings: Array2<f32>,
}

impl Group {
    fn of(before: ArrayView2<'_, f32>, behind: ArrayView2<'_, f32>, beginnings: ArrayView2<'_, f32>) -> Self {
        let mut forth = before.dot(&behind.t());
        let mut back = behind.dot(&before.t());
        let mut to_beginnings = before.dot(&beginnings.t());
        let mut loss = 0.0;
        for (at, mut scores) in back.rows_mut().into_iter().enumerate() {
            loss += softmax([scores.as_slice_mut().expect("a row"), &mut []], at);
        }
        for (at, (mut scores, mut more)) in
            forth.rows_mut().into_iter().zip(to_beginnings.rows_mut()).enumerate()
        {
            loss += softmax([&mut scores, &mut more].map(|row| row.as_slice_mut().expect("a row")), at);
        }
        forth += &back.t();
        let mut of_before = forth.dot(&behind);
        of_before += &to_beginnings.dot(&beginnings);
        Self {
            loss,
            of_before,
            of_behind: forth.t().dot(&before),
            of_beginnings: to_beginnings.t().dot(&before),
        }
    }
}

/// Makes slopes of the scores of `lists`, of which the right one is at `right` in the
/// first, and returns the cross-entropy.
fn softmax(lists: [&mut [f32]; 2], right: usize) -> f64 {
    let most = lists.iter().flat_map(|list| list.iter()).fold(f32::MIN, |most, score| most.max(*score));
    let above = lists[0][right] - most;
    let mut sum = 0.0;
    let [first, second] = lists;
    for score in first.iter_mut().chain(&mut *second) {
        *score = (*score - most).exp();
        sum += *score;
    }
    first.iter_mut().chain(&mut *second).for_each(|score| *score /= sum);
    first[right] -= 1.0;
    f64::from(sum.ln() - above)
}
