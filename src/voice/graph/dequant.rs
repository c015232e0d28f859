//! In: a graph whose weights are whole numbers. Out: those weights, as whole numbers and as floats, and what the products
//! with them read. Knows no kind of network.
//!
//! A weight w stands for (w - zero point) times scale, both one for the tensor or one for each place along an axis (ONNX,
//! operators `MatMulInteger`, `ConvInteger`, and `DynamicQuantizeLSTM` of ONNX Runtime). Exporters write a product as
//! `Mul(Cast(product of whole numbers), Mul(scale of the input, scale of the weights))`, where the input was made whole
//! numbers by `DynamicQuantizeLinear`.

use super::walk::Walk;

/// Weights that are whole numbers.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::voice) struct Quantised {
    /// The sizes of the tensor.
    pub(in crate::voice) sizes: Vec<usize>,
    /// Weight minus zero point, in the order of the file: -255 to 255.
    pub(in crate::voice) numbers: Vec<i16>,
    /// What they are multiplied by: one number, or one for each place along the axis.
    pub(in crate::voice) scales: Vec<f32>,
    axis: usize,
}

/// A product of whole numbers that stands for one of floats.
pub(in crate::voice) struct Product<'a> {
    /// The weights.
    pub(in crate::voice) weights: Quantised,
    /// The value, of floats, that it reads.
    pub(in crate::voice) input: &'a str,
}

impl Quantised {
    /// The numbers as floats, in the order of the file.
    pub(in crate::voice) fn floats(&self) -> Vec<f32> {
        let after: usize = self.sizes.iter().skip(self.axis + 1).product();
        let scale = |at: usize| self.scales[at / after.max(1) % self.scales.len()];
        self.numbers.iter().enumerate().map(|(at, number)| f32::from(*number) * scale(at)).collect()
    }
}

impl<'a> Walk<'a> {
    /// The weights of this name with their scale and their zero point; where these are several, there is one of each for
    /// each place along `axis`. `None` where they are no constants of 8-bit whole numbers.
    pub(in crate::voice) fn quantised(
        &self,
        weights: &str,
        (scale, zero_point): (&str, &str),
        axis: usize,
    ) -> Option<Quantised> {
        let sizes = self.sizes(weights)?;
        let (raw, zeros, scales) = (self.bytes(weights)?, self.bytes(zero_point)?, self.floats(scale)?);
        let along = *sizes.get(axis)?;
        let fit = |count: usize| count == 1 || count == along;
        if !fit(zeros.len()) || !fit(scales.len()) || sizes.iter().product::<usize>() != raw.len() {
            return None;
        }
        let after: usize = sizes.iter().skip(axis + 1).product();
        let zero = |at: usize| zeros[at / after.max(1) % zeros.len()];
        let numbers = raw.iter().enumerate().map(|(at, number)| number - zero(at)).collect();
        Some(Quantised { sizes, numbers, scales, axis })
    }

    /// The product of kind `op` (`MatMulInteger` or `ConvInteger`) that `value` is, scaled back to floats.
    pub(in crate::voice) fn quantised_product(&self, value: &str, op: &str) -> Option<Product<'a>> {
        let (cast, scale) = self.parted(value, "Mul", |side| self.made_by(side, "Cast").is_some())?;
        let whole = self.before(cast, "Cast")?;
        let [quantised, weights, _, zero_point] = self.made_by(whole, op)? else { return None };
        let (of_weights, of_input) = self.parted(scale, "Mul", |side| self.is_constant(side))?;
        let input = self.before(quantised, "DynamicQuantizeLinear")?;
        if self.before(of_input, "DynamicQuantizeLinear") != Some(input) {
            return None;
        }
        // The outputs are the last axis of a matrix, and the first of a convolution.
        let axis = if op == "MatMulInteger" { self.sizes(weights)?.len().checked_sub(1)? } else { 0 };
        let weights = self.quantised(weights, (of_weights, zero_point), axis)?;
        Some(Product { weights, input })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rten_onnx::onnx::{DataType, GraphProto, NodeProto, TensorProto};

    fn node(op: &str, input: &[&str], output: &[&str]) -> NodeProto {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        NodeProto { op_type: Some(op.into()), input: names(input), output: names(output), ..NodeProto::default() }
    }

    fn tensor(name: &str, dims: &[i64], data_type: DataType) -> TensorProto {
        let dims = dims.to_vec();
        TensorProto { name: Some(name.into()), dims, data_type: Some(data_type), ..TensorProto::default() }
    }

    fn bytes(name: &str, dims: &[i64], data_type: DataType, values: &[i32]) -> TensorProto {
        TensorProto { int32_data: values.to_vec(), ..tensor(name, dims, data_type) }
    }

    fn floats(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
        TensorProto { float_data: values.to_vec(), ..tensor(name, dims, DataType::FLOAT) }
    }

    fn graph(op: &str, initializer: Vec<TensorProto>) -> GraphProto {
        let node = vec![
            node("DynamicQuantizeLinear", &["x"], &["q", "qs", "qz"]),
            node("Mul", &["qs", "ws"], &["scales"]),
            node(op, &["q", "w", "qz", "wz"], &["whole"]),
            node("Cast", &["whole"], &["cast"]),
            node("Mul", &["cast", "scales"], &["y"]),
        ];
        GraphProto { node, initializer, ..GraphProto::default() }
    }

    #[test]
    fn a_product_of_whole_numbers_is_read_as_one_of_floats() {
        type Row<'a> = (&'a str, Vec<TensorProto>, Option<Vec<f32>>);
        let signed = |zero: &[i32]| {
            let count = zero.len() as i64;
            vec![
                bytes("w", &[2, 3], DataType::INT8, &[-128, 0, 1, 2, 3, 127]),
                bytes("wz", &[count][..usize::from(count > 1)], DataType::INT8, zero),
            ]
        };
        let with = |mut all: Vec<TensorProto>, scale: TensorProto| {
            all.push(scale);
            all
        };
        let one = floats("ws", &[], &[0.5]);
        let three = floats("ws", &[3], &[0.5, 1.0, 2.0]);
        let unsigned = vec![
            bytes("w", &[2, 1, 2], DataType::UINT8, &[0, 128, 130, 255]),
            bytes("wz", &[2], DataType::UINT8, &[128, 130]),
            floats("ws", &[2], &[1.0, 0.5]),
        ];
        let rows: [Row<'_>; 6] = [
            ("MatMulInteger", with(signed(&[0]), one.clone()), Some(vec![-64.0, 0.0, 0.5, 1.0, 1.5, 63.5])),
            ("MatMulInteger", with(signed(&[1, 2, 3]), three), Some(vec![-64.5, -2.0, -4.0, 0.5, 1.0, 248.0])),
            ("ConvInteger", unsigned, Some(vec![-128.0, 0.0, 0.0, 62.5])),
            ("MatMulInteger", with(signed(&[0, 0]), one), None),
            ("MatMulInteger", with(signed(&[0]), floats("ws", &[2], &[1.0; 2])), None),
            ("MatMulInteger", signed(&[0]), None),
        ];
        for (op, initializer, wanted) in rows {
            let graph = graph(op, initializer);
            let walk = Walk::new(&graph);
            let found = walk.quantised_product("y", op);
            assert_eq!(found.as_ref().map(|product| product.weights.floats()), wanted, "{op}");
            assert!(found.is_none_or(|product| product.input == "x"), "{op}");
            assert!(walk.quantised_product("cast", op).is_none() && walk.quantised_product("x", op).is_none());
        }
    }
}
