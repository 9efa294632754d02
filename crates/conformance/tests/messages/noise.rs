//! Random fills, and noise in training.

use crate::names::*;

misuses! {
    "n(2).exponential_()" DType: n([2]).exponential_with_(1.0, &default_generator()), n([2]).try_exponential_with_(1.0, &default_generator());
    "f(2).exponential_(0)" Value: f([2]).exponential_with_(0.0, &default_generator()), f([2]).try_exponential_with_(0.0, &default_generator());
    "f(2).exponential_(-1.5)" Value: f([2]).exponential_with_(-1.5, &default_generator()), f([2]).try_exponential_with_(-1.5, &default_generator());
    "b(2).geometric_(0.5)" DType: b([2]).geometric_with_(0.5, &default_generator()), b([2]).try_geometric_with_(0.5, &default_generator());
    "f(2).geometric_(1.5)" Value: f([2]).geometric_with_(1.5, &default_generator()), f([2]).try_geometric_with_(1.5, &default_generator());
    "n(2).log_normal_()" DType: n([2]).log_normal_with_(1.0, 2.0, &default_generator()), n([2]).try_log_normal_with_(1.0, 2.0, &default_generator());
    "f(2).log_normal_(0, -1)" Value: f([2]).log_normal_with_(0.0, -1.0, &default_generator()), f([2]).try_log_normal_with_(0.0, -1.0, &default_generator());
    "n(2).cauchy_()" DType: n([2]).cauchy_with_(0.0, 1.0, &default_generator()), n([2]).try_cauchy_with_(0.0, 1.0, &default_generator());
    "f(2).cauchy_(0, -2)" Value: f([2]).cauchy_with_(0.0, -2.0, &default_generator()), f([2]).try_cauchy_with_(0.0, -2.0, &default_generator());
    "torch.nn.functional.dropout(f(2, 2, 2, 2), 1.5, True)" Value: f([2, 2, 2, 2]).dropout_with(1.5, true, &default_generator()), f([2, 2, 2, 2]).try_dropout_with(1.5, true, &default_generator());
    "torch.nn.functional.alpha_dropout(f(2, 2, 2, 2), 1.5, True)" Value: f([2, 2, 2, 2]).alpha_dropout_with(1.5, true, &default_generator()), f([2, 2, 2, 2]).try_alpha_dropout_with(1.5, true, &default_generator());
    "torch.nn.functional.feature_alpha_dropout(f(2, 2, 2, 2), 1.5, True)" Value: f([2, 2, 2, 2]).feature_alpha_dropout_with(1.5, true, &default_generator()), f([2, 2, 2, 2]).try_feature_alpha_dropout_with(1.5, true, &default_generator());
    "torch.nn.functional.dropout1d(f(2, 2), 1.5, True)" Value: f([2, 2]).dropout1d_with(1.5, true, &default_generator()), f([2, 2]).try_dropout1d_with(1.5, true, &default_generator());
    "torch.nn.functional.dropout2d(f(2, 2, 2, 2), 1.5, True)" Value: f([2, 2, 2, 2]).dropout2d_with(1.5, true, &default_generator()), f([2, 2, 2, 2]).try_dropout2d_with(1.5, true, &default_generator());
    "torch.nn.functional.dropout3d(f(2, 2, 2, 2), 1.5, True)" Value: f([2, 2, 2, 2]).dropout3d_with(1.5, true, &default_generator()), f([2, 2, 2, 2]).try_dropout3d_with(1.5, true, &default_generator());
    "torch.nn.functional.dropout(n(2), 0.5, True)" DType: n([2]).dropout_with(0.5, true, &default_generator()), n([2]).try_dropout_with(0.5, true, &default_generator());
    "torch.nn.functional.dropout2d(f(2), 0.5, True)" Shape: f([2]).dropout2d_with(0.5, true, &default_generator()), f([2]).try_dropout2d_with(0.5, true, &default_generator());
    "torch.nn.functional.dropout1d(f(2), 0.5, True)" Shape: f([2]).dropout1d_with(0.5, true, &default_generator()), f([2]).try_dropout1d_with(0.5, true, &default_generator());
    "torch.nn.functional.feature_alpha_dropout(f(2), 0.5, True)" Shape: f([2]).feature_alpha_dropout_with(0.5, true, &default_generator()), f([2]).try_feature_alpha_dropout_with(0.5, true, &default_generator());
    "torch.nn.functional.rrelu(f(2), 2.0, 1.0)" Value: f([2]).rrelu_with(2.0, 1.0, false, &default_generator()), f([2]).try_rrelu_with(2.0, 1.0, false, &default_generator());
    "torch.nn.functional.rrelu(n(2), training=True)" DType: n([2]).rrelu_with(0.125, 0.3, true, &default_generator()), n([2]).try_rrelu_with(0.125, 0.3, true, &default_generator());
    "torch.nn.functional.gumbel_softmax(n(2))" DType: n([2]).gumbel_softmax_with(1.0, false, -1, &default_generator()), n([2]).try_gumbel_softmax_with(1.0, false, -1, &default_generator());
    "poisson(-f(2))" Value: poisson(&-f([2])), try_poisson(&-f([2]), &default_generator());
    "poisson(n(2))" DType: poisson(&n([2])), try_poisson(&n([2]), &default_generator());
    "normal(f(2), -f(2))" Value: normal_of(&f([2]), &-f([2])), try_normal_of(&f([2]), &-f([2]), &default_generator());
    "normal(f(2), -1.0)" Value: normal_of(&f([2]), -1.0), try_normal_of(&f([2]), -1.0, &default_generator());
    "normal(n(2), f(2))" DType: normal_of(&n([2]), &f([2])), try_normal_of(&n([2]), &f([2]), &default_generator());
}
