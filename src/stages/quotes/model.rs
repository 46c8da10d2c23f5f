//! What the stage learned: MODEL.md says from what.

use std::sync::LazyLock;
use std::sync::atomic::AtomicU16;

#[cfg(feature = "cnn")]
use super::cnn::Network;
use super::keys;
use super::reading::{Scale, Scaled};
use super::trust::Trust;
use crate::model::{Memo, Table};

/// All that was learned of quotations.
pub(super) struct Model {
    pub(super) scorers: Vec<Scaled<'static>>,
    /// How far the shares that they give can be trusted.
    pub(super) trust: Trust,
}

/// That which is shipped.
pub(super) static MODEL: LazyLock<Model> = LazyLock::new(shipped);

/// Weights of features.
static LINEAR: LazyLock<Memo<'static>> = LazyLock::new(|| {
    static SUMS: [AtomicU16; keys::KEYS] = [const { AtomicU16::new(0) }; keys::KEYS];
    let table = Table::from_bytes(include_bytes!("../../../models/quotes.bin"));
    Memo::new(table.expect("the shipped weights are whole"), &SUMS)
});

#[cfg(not(feature = "cnn"))]
fn shipped() -> Model {
    let table = LINEAR.table();
    Model { scorers: vec![(&*LINEAR, Scale::from_table(table, 0))], trust: Trust::from_table(table, 1) }
}

/// What the network says beside the weights, and how far both can be believed.
#[cfg(feature = "cnn")]
fn shipped() -> Model {
    static NETWORK: LazyLock<(Network, Table<'static>)> = LazyLock::new(|| {
        let network = Network::from_bytes(include_bytes!("../../../models/quotes-cnn.bin"));
        network.expect("the shipped network is whole")
    });
    let (network, table) = &*NETWORK;
    let scale = |index| Scale::from_table(table, index);
    Model { scorers: vec![(&*LINEAR, scale(0)), (network, scale(1))], trust: Trust::from_table(table, 2) }
}
