//! The slopes of the loss by each number of the encoder (Rumelhart, Hinton and
//! Williams, "Learning representations by back-propagating errors", 1986), over whole
//! paragraphs at once: all places of a paragraph share what they see.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis, Slice};

use super::Batch;
use crate::stages::rejoin::encoder::{BEFORE, CHARACTER, Dense, Encoder};
use crate::train::rectifier::rectify;

/// What one side of an encoder made of a batch.
pub(super) struct Read {
    side: usize,
    /// The vectors of the characters.
    seen: Array2<f32>,
    /// What goes into each level, and what comes out of the last.
    active: Vec<Array2<f32>>,
    /// Of the positions that are looked at, which they are.
    positions: Vec<usize>,
    /// Of them, what comes out.
    pub(super) vectors: Array2<f32>,
}

impl Read {
    /// What the `side` of `encoder` makes of `batch`.
    pub(super) fn of(encoder: &Encoder, side: usize, batch: &Batch) -> Self {
        let numbers = &encoder.sides[side];
        let characters = matrix(&encoder.vectors, CHARACTER);
        let seen = characters.select(Axis(0), &batch.rows);
        let mut sum = Array2::zeros((batch.rows.len(), numbers.first.bias.len()));
        apply(&numbers.first, &seen, &mut sum);
        let mut active = vec![sum.mapv(|number| number.max(0.0))];
        for (number, level) in numbers.levels.iter().enumerate() {
            let input = &active[number];
            apply(&level.here, input, &mut sum);
            let there = input.dot(&matrix(&level.there, sum.ncols()));
            for (near, far) in apart(batch, side, number) {
                let mut near = sum.slice_axis_mut(Axis(0), near);
                near += &there.slice_axis(Axis(0), far);
            }
            active.push(sum.mapv(|number| number.max(0.0)));
        }
        let positions = batch.positions(side);
        let mut vectors = Array2::zeros((positions.len(), numbers.last.bias.len()));
        apply(&numbers.last, &active[numbers.levels.len()].select(Axis(0), &positions), &mut vectors);
        Self { side, seen, active, positions, vectors }
    }

    /// The slopes by the numbers of `encoder`, where `errors` are those by the vectors.
    pub(super) fn slopes(&self, encoder: &Encoder, batch: &Batch, errors: &Array2<f32>) -> Encoder {
        let mut gradient = encoder.clone();
        gradient.numbers_mut().into_iter().for_each(|list| list.fill(0.0));
        let (numbers, slopes) = (&encoder.sides[self.side], &mut gradient.sides[self.side]);
        let depth = numbers.levels.len();
        let looked_at = self.active[depth].select(Axis(0), &self.positions);
        let of_looked_at = back(&numbers.last, &looked_at, errors, &mut slopes.last);
        let mut of_sum = Array2::zeros(self.active[depth].dim());
        for (position, slope) in self.positions.iter().zip(of_looked_at.rows()) {
            let mut sum = of_sum.row_mut(*position);
            sum += &slope;
        }
        rectify(&mut of_sum, &self.active[depth]);
        for (number, level) in numbers.levels.iter().enumerate().rev() {
            let input = &self.active[number];
            let mut of_there: Array2<f32> = Array2::zeros(of_sum.dim());
            for (near, far) in apart(batch, self.side, number) {
                let mut far = of_there.slice_axis_mut(Axis(0), far);
                far += &of_sum.slice_axis(Axis(0), near);
            }
            let slopes = &mut slopes.levels[number];
            let mut of_input = back(&level.here, input, &of_sum, &mut slopes.here);
            let columns = of_sum.ncols();
            general_mat_mul(1.0, &input.t(), &of_there, 1.0, &mut matrix_mut(&mut slopes.there, columns));
            general_mat_mul(1.0, &of_there, &matrix(&level.there, columns).t(), 1.0, &mut of_input);
            rectify(&mut of_input, input);
            of_sum += &of_input;
        }
        let of_seen = back(&numbers.first, &self.seen, &of_sum, &mut slopes.first);
        let mut of_characters = matrix_mut(&mut gradient.vectors, CHARACTER);
        for (row, slope) in batch.rows.iter().zip(of_seen.rows()) {
            let mut vector = of_characters.row_mut(*row);
            vector += &slope;
        }
        gradient
    }
}

/// For each paragraph that is long enough, which positions hear from others at the level
/// `number`, and from which.
fn apart(batch: &Batch, side: usize, number: usize) -> impl Iterator<Item = (Slice, Slice)> {
    let apart = 1 << number;
    let long = batch.paragraphs.iter().filter(move |paragraph| paragraph.len() > apart);
    long.map(move |paragraph| {
        let first = Slice::from(paragraph.start..paragraph.end - apart);
        let last = Slice::from(paragraph.start + apart..paragraph.end);
        if side == BEFORE { (last, first) } else { (first, last) }
    })
}

fn matrix(numbers: &[f32], columns: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((numbers.len() / columns, columns), numbers).expect("whole rows")
}

fn matrix_mut(numbers: &mut [f32], columns: usize) -> ArrayViewMut2<'_, f32> {
    ArrayViewMut2::from_shape((numbers.len() / columns, columns), numbers).expect("whole rows")
}

/// Adds to `sum` what `dense` makes of `input`.
fn apply(dense: &Dense, input: &Array2<f32>, sum: &mut Array2<f32>) {
    *sum += &ArrayView1::from(&dense.bias);
    general_mat_mul(1.0, input, &matrix(&dense.weights, dense.bias.len()), 1.0, sum);
}

/// Takes `slopes` by what comes out of `dense` back to what went in, and adds to
/// `gradient` what they say of its numbers.
fn back(dense: &Dense, input: &Array2<f32>, slopes: &Array2<f32>, gradient: &mut Dense) -> Array2<f32> {
    let columns = dense.bias.len();
    let mut bias = ArrayViewMut1::from(&mut gradient.bias);
    bias += &slopes.sum_axis(Axis(0));
    general_mat_mul(1.0, &input.t(), slopes, 1.0, &mut matrix_mut(&mut gradient.weights, columns));
    slopes.dot(&matrix(&dense.weights, columns).t())
}
