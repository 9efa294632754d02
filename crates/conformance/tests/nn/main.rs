//! Layers, losses and whole networks against PyTorch's, from the same seeds.

mod layers;
mod modules;
mod numbers;
