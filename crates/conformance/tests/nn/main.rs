//! Layers, losses and whole networks against PyTorch's, from the same seeds.

mod cases;
mod layers;
mod losses;
mod misuse;
mod modules;
mod numbers;
mod sequences;
mod training;
