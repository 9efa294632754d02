//! Every rule of every operation against finite differences, first and second order, in double precision. The samples run
//! over the tables of operations: a new operation without a rule or without a sample does not compile or does not pass.

mod activation;
mod answers;
mod binary;
mod conv;
mod convert;
mod ctc;
mod fold;
mod fused;
mod index;
mod join;
mod linalg;
mod loss;
mod matmul;
mod norm;
mod pad;
mod pool;
mod recurrent;
mod reduce;
mod resize;
mod sample;
mod samples;
mod scan;
mod select;
mod sort;
mod ternary;
mod unary;
mod view;
