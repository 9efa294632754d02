//! On whose behalf an operation was recorded: several of PyTorch's operations share one of ours, and printed graphs tell
//! them apart. It takes no part in computing or differentiating.

/// The operation that the user called, where its record carries another's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The recorded operation itself.
    Itself,
    /// `squeeze` of one named dimension.
    SqueezeDim,
    /// `squeeze` of several named dimensions.
    SqueezeDims,
    /// The dimension that `matmul` added to a vector, removed.
    MatmulVector,
    /// `split` by one size, and `chunk`.
    Split,
    /// `split` by several sizes.
    SplitSizes,
    /// `unbind`.
    Unbind,
    /// `stack`.
    Stack,
    /// `max` along a dimension.
    Max,
    /// `min` along a dimension.
    Min,
    /// `cummax`.
    Cummax,
    /// `cummin`.
    Cummin,
    /// `sort`.
    Sort,
    /// `topk`.
    Topk,
    /// `kthvalue`.
    Kthvalue,
    /// `median` along a dimension.
    Median,
    /// `nanmedian` along a dimension.
    NanMedian,
    /// `masked_select`.
    MaskedSelect,
}
