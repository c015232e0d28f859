//! In: rows of channels, and weights that are whole numbers of 8 bits. Out: their products, by whole numbers. Knows no
//! network.
//!
//! Each row is coded by itself: whole numbers of 8 bits, a factor, a number that stands for zero. So what comes of a row
//! depends on no other. The products of whole numbers are those of the crate `rten-gemm`, with the dot products of 8 bits
//! that AVX-512 has; they are exact, whatever their order.

use super::exp::gelu;
use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::rows::{Rows, blocks_of};
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::NdTensorView;

/// What stands for zero where numbers are as often below it as above.
const MIDDLE: u8 = 128;

/// The Gaussian error linear unit is nowhere lower than this.
const LOWEST: f32 = -0.172;

/// 1.5 · 2²³, see [`exp`](super::exp).
const ROUNDING: f32 = 12_582_912.0;

/// Rows as whole numbers of 8 bits.
#[derive(Default)]
pub struct Coded {
    planes: usize,
    /// Row by row, as many blocks as there are planes.
    codes: Vec<[u8; LANES]>,
    /// What the numbers of each row are multiplied by, and which of them stands for zero.
    factors: Vec<f32>,
    zeros: Vec<u8>,
}

/// Sums of products, row by row.
#[derive(Default)]
pub struct Sums(Vec<[i32; LANES]>);

/// A matrix of weights.
pub struct Product {
    outputs: usize,
    packed: PackedBMatrix<i8>,
    /// The sum of the weights of each output: so much is too much in its sums for each step that zero is above 0.
    columns: Vec<[i32; LANES]>,
    /// What the sums of each output are multiplied by, and what is added to them.
    factors: Vec<Block>,
    bias: Vec<Block>,
}

type Executor = GemmExecutor<u8, i8, i32>;

impl Product {
    /// Whether products of whole numbers are exact and fast with these instructions.
    pub fn pays(machine: Machine) -> bool {
        machine.name() == "AVX-512" && !Executor::new().may_saturate()
    }

    /// For `inputs` inputs, which have to be a multiple of 16; `weight(i, o)` is the one of output `o` for input `i`, and `factor(o)` what
    /// it is multiplied by. `None` where a weight has more than 8 bits.
    pub fn new(
        inputs: usize,
        bias: &[f32],
        factor: impl Fn(usize) -> f32,
        weight: impl Fn(usize, usize) -> i16,
    ) -> Option<Product> {
        let outputs = blocks_of(bias.len()) * LANES;
        let mut weights = Vec::with_capacity(inputs * outputs);
        for (i, o) in (0..inputs).flat_map(|i| (0..outputs).map(move |o| (i, o))) {
            weights.push(if o < bias.len() { i8::try_from(weight(i, o)).ok()? } else { 0 });
        }
        let mut columns = vec![[0; LANES]; outputs / LANES];
        for (at, weight) in weights.iter().enumerate() {
            columns[at % outputs / LANES][at % LANES] += i32::from(*weight);
        }
        let packed = |value: &dyn Fn(usize) -> f32| {
            let mut blocks = vec![Block::default(); outputs / LANES];
            (0..bias.len()).for_each(|o| blocks[o / LANES].0[o % LANES] = value(o));
            blocks
        };
        let (factors, bias) = (packed(&factor), packed(&|o| bias[o]));
        let packed = Executor::new().prepack_b(NdTensorView::from_data([inputs, outputs], weights.as_slice()));
        (inputs.is_multiple_of(LANES)).then_some(Product { outputs, packed, columns, factors, bias })
    }

    /// Blocks of its outputs.
    pub fn planes(&self) -> usize {
        self.outputs / LANES
    }

    /// Makes the sums of all rows.
    fn multiply(&self, coded: &Coded, sums: &mut Sums) {
        let rows = coded.factors.len();
        sums.0.resize(rows * self.outputs / LANES, [0; LANES]);
        let matrix = NdTensorView::from_data([rows, coded.planes * LANES], coded.codes.as_flattened());
        let (a, b) = (GemmInputA::Unpacked(matrix), GemmInputB::Packed(&self.packed));
        // It fails for matrices that do not fit together only; what is left then is of an earlier call.
        if Executor::new().gemm(sums.0.as_flattened_mut(), a, b, GemmOptions::default()).is_err() {
            sums.0.fill([0; LANES]);
        }
    }

    /// Bends what comes of all rows by the Gaussian error linear unit, and codes it.
    pub fn bend(&self, machine: Machine, coded: &Coded, sums: &mut Sums, made: &mut Coded) {
        self.multiply(coded, sums);
        made.sized(self.outputs / LANES, coded.factors.len());
        machine.run(Bend { product: self, coded, sums, made });
    }

    /// Writes what comes of the rows, the first of which is that of moment `from`, to `target`; what is there in `added`
    /// is added.
    pub fn store(
        &self,
        machine: Machine,
        (coded, sums): (&Coded, &mut Sums),
        (from, added): (isize, Option<&Rows>),
        target: &mut Rows,
    ) {
        self.multiply(coded, sums);
        machine.run(Store { product: self, coded, sums, from, added, target });
    }
}

impl Coded {
    fn sized(&mut self, planes: usize, rows: usize) {
        self.planes = planes;
        self.codes.resize(planes * rows, [0; LANES]);
        self.factors.resize(rows, 0.0);
        self.zeros.resize(rows, MIDDLE);
    }

    /// Codes rows, whose numbers are as often below zero as above.
    pub fn code(&mut self, machine: Machine, rows: &Rows) {
        self.sized(rows.planes(), (rows.end() - rows.first()) as usize);
        self.zeros.fill(MIDDLE);
        machine.run(Code { rows, made: self });
    }

    /// The memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.codes.capacity() * LANES + self.factors.capacity() * 5
    }
}

impl Sums {
    /// The memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.0.capacity() * 4 * LANES
    }
}

/// The largest of all lanes.
#[inline(always)]
fn largest<L: Lanes>(l: L, value: L::V) -> f32 {
    let mut lanes = Block::default();
    l.store(value, &mut lanes);
    lanes.0.into_iter().fold(f32::MIN, f32::max)
}

/// Numbers times a factor, rounded, from a number that stands for zero on.
#[inline(always)]
fn coded(numbers: &[f32; LANES], factor: f32, zero: f32, codes: &mut [u8; LANES]) {
    for (number, code) in numbers.iter().zip(codes) {
        *code = (number * factor + (ROUNDING + zero)).to_bits() as u8;
    }
}

/// What the sums of a row stand for, in a block of outputs.
#[inline(always)]
fn meant(product: &Product, plane: usize, sums: &[i32; LANES], (row, zero): (f32, u8)) -> [f32; LANES] {
    let (columns, factors) = (&product.columns[plane], &product.factors[plane].0);
    let mut out = product.bias[plane].0;
    for lane in 0..LANES {
        let sum = sums[lane] - i32::from(zero) * columns[lane];
        out[lane] += sum as f32 * (row * factors[lane]);
    }
    out
}

struct Code<'a> {
    rows: &'a Rows,
    made: &'a mut Coded,
}

impl Task for Code<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Code { rows, made } = self;
        let planes = made.planes;
        for (moment, codes) in made.codes.chunks_exact_mut(planes).enumerate() {
            let mut most = l.splat(1e-20);
            for plane in 0..planes {
                let value = l.load(&rows.plane(plane)[moment]);
                most = l.max(most, l.max(value, l.sub(l.splat(0.0), value)));
            }
            let most = largest(l, most);
            made.factors[moment] = most / 127.0;
            for (plane, codes) in codes.iter_mut().enumerate() {
                coded(&rows.plane(plane)[moment].0, 127.0 / most, f32::from(MIDDLE), codes);
            }
        }
    }
}

struct Bend<'a> {
    product: &'a Product,
    coded: &'a Coded,
    sums: &'a Sums,
    made: &'a mut Coded,
}

impl Task for Bend<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Bend { product, coded: from, sums, made } = self;
        let planes = made.planes;
        let mut bent = vec![Block::default(); planes];
        for (moment, codes) in made.codes.chunks_exact_mut(planes).enumerate() {
            let sums = &sums.0[moment * planes..(moment + 1) * planes];
            let mut most = l.splat(0.0);
            let row = (from.factors[moment], from.zeros[moment]);
            for plane in 0..planes {
                bent[plane].0 = gelu(meant(product, plane, &sums[plane], row));
                most = l.max(most, l.load(&bent[plane]));
            }
            let step = (largest(l, most) - LOWEST) / 254.0;
            let zero = (-LOWEST / step).round();
            (made.factors[moment], made.zeros[moment]) = (step, zero as u8);
            for (bent, codes) in bent.iter().zip(codes) {
                coded(&bent.0, 1.0 / step, zero, codes);
            }
        }
    }
}

struct Store<'a> {
    product: &'a Product,
    coded: &'a Coded,
    sums: &'a Sums,
    from: isize,
    added: Option<&'a Rows>,
    target: &'a mut Rows,
}

impl Task for Store<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Store { product, coded, sums, from, added, target } = self;
        let planes = product.outputs / LANES;
        let to = (from - target.first()) as usize;
        for plane in 0..planes {
            let more = added.map(|rows| &rows.plane(plane)[(from - rows.first()) as usize..]);
            for (moment, block) in target.plane_mut(plane)[to..].iter_mut().enumerate().take(coded.factors.len()) {
                let row = (coded.factors[moment], coded.zeros[moment]);
                let mut sum = meant(product, plane, &sums.0[moment * planes + plane], row);
                if let Some(more) = more {
                    for lane in 0..LANES {
                        sum[lane] += more[moment].0[lane];
                    }
                }
                block.0 = sum;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(planes: usize, count: isize) -> Rows {
        let mut rows = Rows::new(planes, 5);
        rows.extend_to(5 + count);
        for plane in 0..planes {
            for (moment, block) in rows.plane_mut(plane).iter_mut().enumerate() {
                let number = |lane: usize| ((plane * 37 + moment * 11 + lane * 5) % 41) as f32 / 13.0 - 1.5;
                block.0 = std::array::from_fn(|lane| number(lane) * (1.0 + (moment % 7) as f32));
            }
        }
        rows
    }

    /// What comes of a row of `inputs` numbers by floats, and the largest of the terms' sizes summed.
    fn plain(numbers: &[f32], outputs: usize, weight: impl Fn(usize, usize) -> f32) -> Vec<f32> {
        (0..outputs).map(|o| numbers.iter().enumerate().map(|(i, x)| x * weight(i, o)).sum()).collect()
    }

    #[test]
    fn products_of_whole_numbers_are_near_those_of_floats_and_rows_do_not_depend_on_each_other() {
        let (inputs, middle, outputs) = (32, 40, 20);
        let numbers = |salt: usize| move |i: usize, o: usize| ((i * 31 + o * 17 + salt) % 255) as i16 - 127;
        let (first, second) = (numbers(3), numbers(90));
        let bias: Vec<f32> = (0..middle).map(|o| o as f32 / 40.0 - 0.3).collect();
        let wide = Product::new(inputs, &bias, |_| 0.002, first).expect("8 bits");
        // The numbers between are blocks of 16, of which some are for no output.
        let weight = |i: usize, o: usize| if i < middle { second(i, o) } else { 0 };
        let narrow = Product::new(48, &vec![0.25; outputs], |o| 0.001 * (o + 1) as f32, weight).expect("8 bits");
        assert!(Product::new(16, &[0.0], |_| 1.0, |_, _| 128).is_none());
        let source = rows(2, 70);
        for machine in Machine::all() {
            let run = |source: &Rows, target: &mut Rows| {
                let (mut coded, mut bent, mut sums) = (Coded::default(), Coded::default(), Sums::default());
                coded.code(machine, source);
                wide.bend(machine, &coded, &mut sums, &mut bent);
                target.lengthen_to(source.end());
                narrow.store(machine, (&bent, &mut sums), (source.first(), None), target);
            };
            let mut whole = Rows::new(2, 5);
            run(&source, &mut whole);
            for moment in 0..70 {
                let row: Vec<f32> = (0..inputs).map(|i| source.plane(i / LANES)[moment].0[i % LANES]).collect();
                let sums = plain(&row, middle, |i, o| f32::from(first(i, o)) * 0.002);
                let mut bent: Vec<f32> = sums.iter().zip(&bias).map(|(sum, bias)| sum + bias).collect();
                bent.chunks_mut(LANES).for_each(|part| {
                    let block = gelu(std::array::from_fn(|i| part.get(i).copied().unwrap_or(0.0)));
                    part.iter_mut().zip(block).for_each(|(to, value)| *to = value);
                });
                let step = bent.iter().fold(0.2_f32, |most, x| most.max(*x)) / 255.0;
                for (o, sum) in plain(&bent, outputs, |i, o| f32::from(second(i, o))).into_iter().enumerate() {
                    let factor = 0.001 * (o + 1) as f32;
                    let wanted = sum * factor + 0.25;
                    let got = whole.plane(o / LANES)[moment].0[o % LANES];
                    // Half a step for each term, in both products; the errors have no common direction.
                    let near = 2.0 * step * factor * 127.0 * (middle as f32).sqrt();
                    assert!((got - wanted).abs() < near, "{}, {moment}, {o}: {got}, not {wanted}", machine.name());
                }
                let mut alone = Rows::new(2, 5 + moment as isize);
                alone.extend_to(6 + moment as isize);
                (0..2).for_each(|plane| alone.plane_mut(plane)[0] = source.plane(plane)[moment]);
                let mut target = Rows::new(2, 5 + moment as isize);
                run(&alone, &mut target);
                assert!((0..2).all(|plane| target.plane(plane)[0] == whole.plane(plane)[moment]));
            }
        }
    }
}
