//! The slopes of the loss by each number of the network (Rumelhart, Hinton and
//! Williams, "Learning representations by back-propagating errors", 1986).

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Axis};

use crate::stages::quotes::cnn::{
    CLOSING, DILATIONS, Input, Inputs, Layer, Network, OPENING, SHARED, States, UNUSED, columns, spans, taps,
};
use crate::stages::quotes::{Parts, Reading};
use crate::train::rectifier::rectify;

/// Adds to `gradient` what `errors`, the slopes by the parts of `reading`, say of the
/// numbers of `network`, which made `states` of `inputs`.
pub(super) fn add(
    network: &Network,
    reading: &Reading<'_>,
    (inputs, states): (&Inputs, &States),
    errors: &Parts,
    gradient: &mut Network,
) {
    let mut slopes = of_scores(network, reading, states, errors, gradient);
    rectify(&mut slopes, states.last());
    for (number, dilation) in DILATIONS.into_iter().enumerate().rev() {
        let input = &states.active[number];
        let mut back = Array2::zeros(slopes.dim());
        through(&network.layers[number], (input, dilation), &slopes, &mut gradient.layers[number], &mut back);
        rectify(&mut back, input);
        slopes += &back;
    }
    general_mat_mul(1.0, &states.seen.t(), &slopes, 1.0, &mut gradient.first);
    let slopes = slopes.dot(&network.first.t());
    for Input { position, slot, row } in &inputs.all {
        let mut vector = gradient.vectors.row_mut(*row);
        vector += &slopes.row(*position).slice_axis(Axis(0), columns(*slot));
    }
}

/// The slopes by what comes out of the last layer.
fn of_scores(
    network: &Network,
    reading: &Reading<'_>,
    states: &States,
    errors: &Parts,
    gradient: &mut Network,
) -> Array2<f32> {
    let positions = states.last().nrows();
    let mut of_ends = Array2::zeros((positions, 4));
    for (index, end) in reading.ends.iter().enumerate() {
        let errors = [
            (OPENING, errors.opening[index]),
            (CLOSING, errors.closing[index]),
            (UNUSED, if end.is_gap() { errors.unused[index] } else { 0.0 }),
            (SHARED, errors.shared[index]),
        ];
        for (score, error) in errors {
            of_ends[[end.right, score]] += error;
        }
    }
    let mut of_matched = states.matched.each_ref().map(|matched| Array2::zeros(matched.dim()));
    for ((pair, error), span) in reading.pairs.iter().zip(&errors.pairs).zip(spans(reading)) {
        let [open, close] = states.of_pair(reading, *pair);
        let [opens, closes] = [pair.open, pair.close].map(|end| reading.ends[end].right);
        of_matched[0].row_mut(opens).scaled_add(*error, &close);
        of_matched[1].row_mut(closes).scaled_add(*error, &open);
        gradient.spans[span] += error;
    }
    let mut slopes = Array2::zeros(states.last().dim());
    let [opening, closing] = &mut gradient.matched;
    let outputs = [
        (&of_ends, &network.ends, &mut gradient.ends),
        (&of_matched[0], &network.matched[0], opening),
        (&of_matched[1], &network.matched[1], closing),
    ];
    for (errors, matrix, gradient) in outputs {
        general_mat_mul(1.0, &states.last().t(), errors, 1.0, gradient);
        general_mat_mul(1.0, errors, &matrix.t(), 1.0, &mut slopes);
    }
    slopes
}

/// Takes `slopes` by what comes out of `layer` back to what goes in, `back`.
fn through(
    layer: &Layer,
    (input, dilation): (&Array2<f32>, usize),
    slopes: &Array2<f32>,
    gradient: &mut Layer,
    back: &mut Array2<f32>,
) {
    gradient.bias += &slopes.sum_axis(Axis(0));
    let rows = taps(input.nrows(), dilation).into_iter();
    for ((tap, gradient), (from, to)) in layer.taps.iter().zip(&mut gradient.taps).zip(rows) {
        let slopes = slopes.slice_axis(Axis(0), to);
        general_mat_mul(1.0, &input.slice_axis(Axis(0), from).t(), &slopes, 1.0, gradient);
        general_mat_mul(1.0, &slopes, &tap.t(), 1.0, &mut back.slice_axis_mut(Axis(0), from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::stages::quotes::{Evidence, Gaps, of_block};
    use crate::train::cnn::begin;

    /// Errors of no meaning for every part of `reading`.
    fn errors(reading: &Reading<'_>) -> Parts {
        let some = |count: usize, from: usize| {
            (0..count).map(|at| ((at + from) % 7) as f32 / 10.0 - 0.3).collect::<Vec<f32>>()
        };
        let ends = reading.ends.len();
        Parts {
            opening: some(ends, 0),
            closing: some(ends, 2),
            unused: some(ends, 4),
            shared: some(ends, 5),
            pairs: some(reading.pairs.len(), 3),
            nested: vec![0.0; reading.pairs.len()],
        }
    }

    #[test]
    fn slopes_are_what_small_steps_change() {
        // Longer than the widest layer sees.
        let text = "柳塘乡的渠道都通了水，今年的庄稼比往年收得多，\
            老支书说，青禾县的 清渠行动 办得好，两访 工作也要办好。\n";
        let document = Document::new(text.to_owned());
        let evidence = Evidence::of(&document).expect("there are gaps");
        let block = document.blocks()[0];
        let gaps = Gaps::of(&document, &block, &evidence).expect("they could be marks");
        let reading = of_block(&document, &gaps, block.kind).pop().expect("one stretch");
        let inputs = Inputs::of(&reading.view(&evidence));
        let errors = errors(&reading);
        let sum = |network: &Network| {
            let parts = network.score(&reading, &network.read(&inputs));
            let lists = [
                (&parts.opening, &errors.opening),
                (&parts.closing, &errors.closing),
                (&parts.unused, &errors.unused),
                (&parts.shared, &errors.shared),
                (&parts.pairs, &errors.pairs),
            ];
            let pairs = lists.iter().flat_map(|(values, errors)| values.iter().zip(errors.iter()));
            pairs.map(|(value, error)| f64::from(value * error)).sum::<f64>()
        };
        let network = begin(1);
        let mut gradient = Network::zeros();
        let states = network.read(&inputs);
        add(&network, &reading, (&inputs, &states), &errors, &mut gradient);
        // A small step along the slopes of each list changes the sum by their length.
        for list in 0..gradient.numbers_mut().len() {
            const STEP: f32 = 0.004;
            let slopes = gradient.numbers_mut()[list].to_vec();
            let length = slopes.iter().map(|slope| slope * slope).sum::<f32>().sqrt();
            assert!(length > 0.0, "nothing reaches list {list}");
            let after = |step: f32| {
                let mut moved = network.clone();
                let numbers = moved.numbers_mut().swap_remove(list);
                numbers.iter_mut().zip(&slopes).for_each(|(number, slope)| *number += step * slope / length);
                sum(&moved)
            };
            let change = (after(STEP) - after(-STEP)) / f64::from(2.0 * STEP);
            let off = (change / f64::from(length) - 1.0).abs();
            assert!(off < 0.02, "list {list}: {change} is not {length}");
        }
    }
}
