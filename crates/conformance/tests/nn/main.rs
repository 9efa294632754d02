//! Layers, losses and whole networks against PyTorch's, from the same seeds.

mod cases;
mod init;
mod layers;
mod losses;
mod misuse;
mod modules;
mod numbers;
mod sequences;
mod training;
