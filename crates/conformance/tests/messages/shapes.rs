//! Shapes, dimensions and views.

use crate::names::*;

misuses! {
    "f(2, 3).view(4)" Shape: f([2, 3]).view(4), f([2, 3]).try_view(4);
    "f(2, 3).view(-1, -1)" Shape: f([2, 3]).view([-1, -1]), f([2, 3]).try_view([-1, -1]);
    "f(2, 3).view(-1, 4)" Shape: f([2, 3]).view([-1, 4]), f([2, 3]).try_view([-1, 4]);
    "f(2, 3).view(-2, 3)" Shape: f([2, 3]).view([-2, 3]), f([2, 3]).try_view([-2, 3]);
    "f(2, 3).view(-1, 0)" Shape: f([2, 3]).view([-1, 0]), f([2, 3]).try_view([-1, 0]);
    "f(0, 3).view(-1, 0)" Shape: f([0, 3]).view([-1, 0]), f([0, 3]).try_view([-1, 0]);
    "f(2, 3).view(2**62, 4)" Shape: f([2, 3]).view([1i64 << 62, 4]), f([2, 3]).try_view([1i64 << 62, 4]);
    "f(2, 3).t().view(6)" Shape: f([2, 3]).t().view(6), f([2, 3]).t().try_view(6);
    "f(2, 3).reshape(4)" Shape: f([2, 3]).reshape(4), f([2, 3]).try_reshape(4);
    "f(2, 3).reshape(-1, 4)" Shape: f([2, 3]).reshape([-1, 4]), f([2, 3]).try_reshape([-1, 4]);
    "f(2, 3).reshape(-1, -1)" Shape: f([2, 3]).reshape([-1, -1]), f([2, 3]).try_reshape([-1, -1]);
    "f(2, 3).reshape(2, -3)" Shape: f([2, 3]).reshape([2, -3]), f([2, 3]).try_reshape([2, -3]);
    "f(2, 3).reshape(-2**63)" Shape: f([2, 3]).reshape(i64::MIN), f([2, 3]).try_reshape(i64::MIN);
    "f(0, 3).reshape(-1, 0)" Shape: f([0, 3]).reshape([-1, 0]), f([0, 3]).try_reshape([-1, 0]);
    "f(0).reshape(2**62, 4, 0)" Memory: f([0]).reshape([1i64 << 62, 4, 0]), f([0]).try_reshape([1i64 << 62, 4, 0]);
    "f(2, 3).flatten(1, 0)" Dim: f([2, 3]).flatten_dims(1, 0), f([2, 3]).try_flatten_dims(1, 0);
    "f(2, 3).flatten(2)" Dim: f([2, 3]).flatten_dims(2, -1), f([2, 3]).try_flatten_dims(2, -1);
    "f(2, 3).flatten(0, 5)" Dim: f([2, 3]).flatten_dims(0, 5), f([2, 3]).try_flatten_dims(0, 5);
    "f().flatten(1)" Dim: f([]).flatten_dims(1, -1), f([]).try_flatten_dims(1, -1);
    "f(2, 3).permute(0)" Dim: f([2, 3]).permute(0), f([2, 3]).try_permute(0);
    "f(2, 3).permute(0, 1, 2)" Dim: f([2, 3]).permute([0, 1, 2]), f([2, 3]).try_permute([0, 1, 2]);
    "f(2, 3).permute(0, 0)" Dim: f([2, 3]).permute([0, 0]), f([2, 3]).try_permute([0, 0]);
    "f(2, 3).permute(1, -1)" Dim: f([2, 3]).permute([1, -1]), f([2, 3]).try_permute([1, -1]);
    "f(2, 3).permute(0, 2)" Dim: f([2, 3]).permute([0, 2]), f([2, 3]).try_permute([0, 2]);
    "f(2, 3).permute(0, -2**63)" Dim: f([2, 3]).permute([0, i64::MIN]), f([2, 3]).try_permute([0, i64::MIN]);
    "f().permute(0)" Dim: f([]).permute(0), f([]).try_permute(0);
    "f(2, 3).transpose(0, 2)" Dim: f([2, 3]).transpose(0, 2), f([2, 3]).try_transpose(0, 2);
    "f(2, 3).transpose(-3, 0)" Dim: f([2, 3]).transpose(-3, 0), f([2, 3]).try_transpose(-3, 0);
    "f(2, 3).transpose(-2**63, 0)" Dim: f([2, 3]).transpose(i64::MIN, 0), f([2, 3]).try_transpose(i64::MIN, 0);
    "f().transpose(0, 1)" Dim: f([]).transpose(0, 1), f([]).try_transpose(0, 1);
    "f(2, 3, 4).t()" Dim: f([2, 3, 4]).t(), f([2, 3, 4]).try_t();
    "f(3).mT" Dim: f([3]).mt(), f([3]).try_mt();
    "f().mT" fine: f([]).mt();
    "f(2, 3).movedim(0, 2)" Dim: f([2, 3]).movedim(0, 2), f([2, 3]).try_movedim(0, 2);
    "f(2, 3).movedim(-3, 0)" Dim: f([2, 3]).movedim(-3, 0), f([2, 3]).try_movedim(-3, 0);
    "f().movedim(0, 1)" Dim: f([]).movedim(0, 1), f([]).try_movedim(0, 1);
    "f(2, 3).squeeze(2)" Dim: f([2, 3]).squeeze_dim(2), f([2, 3]).try_squeeze_dim(2);
    "f(2, 3).squeeze((0, 0))" Dim: f([2, 3]).squeeze_dim([0, 0]), f([2, 3]).try_squeeze_dim([0, 0]);
    "f(2, 3).squeeze((0, -2))" Dim: f([2, 3]).squeeze_dim([0, -2]), f([2, 3]).try_squeeze_dim([0, -2]);
    "f(2, 3).squeeze((0, 7))" Dim: f([2, 3]).squeeze_dim([0, 7]), f([2, 3]).try_squeeze_dim([0, 7]);
    "f().squeeze(1)" Dim: f([]).squeeze_dim(1), f([]).try_squeeze_dim(1);
    "f(2, 3).unsqueeze(3)" Dim: f([2, 3]).unsqueeze(3), f([2, 3]).try_unsqueeze(3);
    "f(2, 3).unsqueeze(-4)" Dim: f([2, 3]).unsqueeze(-4), f([2, 3]).try_unsqueeze(-4);
    "f(2, 3).unsqueeze(2**63 - 1)" Dim: f([2, 3]).unsqueeze(i64::MAX), f([2, 3]).try_unsqueeze(i64::MAX);
    "f().unsqueeze(1)" Dim: f([]).unsqueeze(1), f([]).try_unsqueeze(1);
    "f(2, 3).flip(2)" Dim: f([2, 3]).flip(2), f([2, 3]).try_flip(2);
    "f(2, 3).flip((0, 0))" Dim: f([2, 3]).flip([0, 0]), f([2, 3]).try_flip([0, 0]);
    "f(2, 3).flip((0, -2))" Dim: f([2, 3]).flip([0, -2]), f([2, 3]).try_flip([0, -2]);
    "f().flip(1)" Dim: f([]).flip(1), f([]).try_flip(1);
    "f(2, 3).expand(3)" Shape: f([2, 3]).expand(3), f([2, 3]).try_expand(3);
    "f(2, 3).expand(4, 3)" Shape: f([2, 3]).expand([4, 3]), f([2, 3]).try_expand([4, 3]);
    "f(2, 3).expand(2, 5)" Shape: f([2, 3]).expand([2, 5]), f([2, 3]).try_expand([2, 5]);
    "f(2, 3).expand(-1, 2, 3)" Shape: f([2, 3]).expand([-1, 2, 3]), f([2, 3]).try_expand([-1, 2, 3]);
    "f(2, 3).expand(2, -2)" Shape: f([2, 3]).expand([2, -2]), f([2, 3]).try_expand([2, -2]);
    "f(2, 3).expand(2**62, 2, 3)" Memory:
        f([2, 3]).expand([1i64 << 62, 2, 3]), f([2, 3]).try_expand([1i64 << 62, 2, 3]);
    "f().expand(-1)" Shape: f([]).expand(-1), f([]).try_expand(-1);
    "f(1).expand(-2**63)" Shape: f([1]).expand(i64::MIN), f([1]).try_expand(i64::MIN);
    "f(2, 3).narrow(0, 3, 1)" Index: f([2, 3]).narrow(0, 3, 1), f([2, 3]).try_narrow(0, 3, 1);
    "f(2, 3).narrow(0, 1, 2)" Index: f([2, 3]).narrow(0, 1, 2), f([2, 3]).try_narrow(0, 1, 2);
    "f(2, 3).narrow(0, -3, 1)" Index: f([2, 3]).narrow(0, -3, 1), f([2, 3]).try_narrow(0, -3, 1);
    "f(2, 3).narrow(1, -1, 2)" Index: f([2, 3]).narrow(1, -1, 2), f([2, 3]).try_narrow(1, -1, 2);
    "f(2, 3).narrow(2, 0, 1)" Dim: f([2, 3]).narrow(2, 0, 1), f([2, 3]).try_narrow(2, 0, 1);
    "f(2, 3).narrow(0, 0, 2**63 - 1)" Index:
        f([2, 3]).narrow(0, 0, i64::MAX as usize), f([2, 3]).try_narrow(0, 0, i64::MAX as usize);
    "f(2, 3).narrow(0, 2**63 - 1, 1)" Index: f([2, 3]).narrow(0, i64::MAX, 1), f([2, 3]).try_narrow(0, i64::MAX, 1);
    "f(2, 3).narrow(0, -2**63, 1)" Index: f([2, 3]).narrow(0, i64::MIN, 1), f([2, 3]).try_narrow(0, i64::MIN, 1);
    "f().narrow(0, 0, 1)" Dim: f([]).narrow(0, 0, 1), f([]).try_narrow(0, 0, 1);
    "f(3).as_strided((2,), (1, 1))" Shape: f([3]).as_strided([2], [1, 1], 0), f([3]).try_as_strided([2], [1, 1], 0);
    "f(3).as_strided((4,), (1,))" Shape: f([3]).as_strided([4], [1], 0), f([3]).try_as_strided([4], [1], 0);
    "f(3).as_strided((2, 2), (2, 1))" Shape:
        f([3]).as_strided([2, 2], [2, 1], 0), f([3]).try_as_strided([2, 2], [2, 1], 0);
    "f(3).as_strided((2,), (1,), 2)" Shape: f([3]).as_strided([2], [1], 2), f([3]).try_as_strided([2], [1], 2);
    "f(3).as_strided((-2,), (1,))" Value: f([3]).as_strided([-2], [1], 0), f([3]).try_as_strided([-2], [1], 0);
    "f(3).as_strided((2,), (-1,))" Value: f([3]).as_strided([2], [-1], 0), f([3]).try_as_strided([2], [-1], 0);
    "f(3).as_strided((2,), (2**62,))" Memory:
        f([3]).as_strided([2], [1i64 << 62], 0), f([3]).try_as_strided([2], [1i64 << 62], 0);
    "f(3).as_strided((2**62, 2), (0, 0))" Memory:
        f([3]).as_strided([1i64 << 62, 2], [0, 0], 0), f([3]).try_as_strided([1i64 << 62, 2], [0, 0], 0);
    "f(3).as_strided((2**62,), (2**62,))" Memory:
        f([3]).as_strided([1i64 << 62], [1i64 << 62], 0), f([3]).try_as_strided([1i64 << 62], [1i64 << 62], 0);
    "f(3).split(0)" Value: f([3]).split(0, 0), f([3]).try_split(0, 0);
    "f(3).split(1, 1)" Dim: f([3]).split(1, 1), f([3]).try_split(1, 1);
    "f(3).split(2**63 - 1)" fine: f([3]).split(i64::MAX as usize, 0);
    "f().split(1)" Dim: f([]).split(1, 0), f([]).try_split(1, 0);
    "f(0).split(0)" fine: f([0]).split(0, 0);
    "f(3).split([1, 1])" Shape: f([3]).split_sizes(&[1, 1], 0), f([3]).try_split_sizes(&[1, 1], 0);
    "f(3).split([1, 3])" Shape: f([3]).split_sizes(&[1, 3], 0), f([3]).try_split_sizes(&[1, 3], 0);
    "f(3).split([1, 2], 1)" Dim: f([3]).split_sizes(&[1, 2], 1), f([3]).try_split_sizes(&[1, 2], 1);
    "f(3).split([2**63 - 1, 2**63 - 1, 5])" Shape:
        f([3]).split_sizes(&[i64::MAX as usize, i64::MAX as usize, 5], 0),
        f([3]).try_split_sizes(&[i64::MAX as usize, i64::MAX as usize, 5], 0);
    "f().split([1])" Dim: f([]).split_sizes(&[1], 0), f([]).try_split_sizes(&[1], 0);
    "f(3).chunk(0)" Value: f([3]).chunk(0, 0), f([3]).try_chunk(0, 0);
    "f(3).chunk(2, 1)" Dim: f([3]).chunk(2, 1), f([3]).try_chunk(2, 1);
    "f().chunk(1)" Dim: f([]).chunk(1, 0), f([]).try_chunk(1, 0);
    "f(3).chunk(2**63 - 1)" Shape: f([3]).chunk(i64::MAX as usize, 0), f([3]).try_chunk(i64::MAX as usize, 0);
    "f(0).chunk(3)" fine: f([0]).chunk(3, 0);
    "f(3).unbind(1)" Dim: f([3]).unbind(1), f([3]).try_unbind(1);
    "f().unbind()" Dim: f([]).unbind(0), f([]).try_unbind(0);
    "cat([])" Value: cat(&[] as &[Tensor], 0), try_cat(&[] as &[Tensor], 0);
    "cat([f(2, 3), f(2, 4)])" Shape: cat(&[f([2, 3]), f([2, 4])], 0), try_cat(&[f([2, 3]), f([2, 4])], 0);
    "cat([f(2, 3), f(3)])" Shape: cat(&[f([2, 3]), f([3])], 0), try_cat(&[f([2, 3]), f([3])], 0);
    "cat([f(2, 3), f(2, 4)], 1)" fine: cat(&[f([2, 3]), f([2, 4])], 1);
    "cat([f(2, 3), f(3, 3)], 1)" Shape: cat(&[f([2, 3]), f([3, 3])], 1), try_cat(&[f([2, 3]), f([3, 3])], 1);
    "cat([f(2), f()])" Shape: cat(&[f([2]), f([])], 0), try_cat(&[f([2]), f([])], 0);
    "cat([f(), f()])" Shape: cat(&[f([]), f([])], 0), try_cat(&[f([]), f([])], 0);
    "cat([f(2), f(3)], 1)" Dim: cat(&[f([2]), f([3])], 1), try_cat(&[f([2]), f([3])], 1);
    "cat([f(2), f(3)], -2)" Dim: cat(&[f([2]), f([3])], -2), try_cat(&[f([2]), f([3])], -2);
    "cat([f(0), f(2, 3)], 1)" fine: cat(&[f([0]), f([2, 3])], 1);
    "cat([f(0), f(2, 3)], 2)" Dim: cat(&[f([0]), f([2, 3])], 2), try_cat(&[f([0]), f([2, 3])], 2);
    "cat([f(0), f()])" Shape: cat(&[f([0]), f([])], 0), try_cat(&[f([0]), f([])], 0);
    "stack([])" Value: stack(&[] as &[Tensor], 0), try_stack(&[] as &[Tensor], 0);
    "stack([f(2), f(3)])" Shape: stack(&[f([2]), f([3])], 0), try_stack(&[f([2]), f([3])], 0);
    "stack([f(2), f(2, 1)])" Shape: stack(&[f([2]), f([2, 1])], 0), try_stack(&[f([2]), f([2, 1])], 0);
    "stack([f(2), f(2)], 2)" Dim: stack(&[f([2]), f([2])], 2), try_stack(&[f([2]), f([2])], 2);
    "stack([f(2), f(2)], -3)" Dim: stack(&[f([2]), f([2])], -3), try_stack(&[f([2]), f([2])], -3);
    "f(2, 3).size(2)" Dim: f([2, 3]).size(2), f([2, 3]).try_size(2);
    "f(2, 3).size(-3)" Dim: f([2, 3]).size(-3), f([2, 3]).try_size(-3);
    "f(2, 3).size(-2**63)" Dim: f([2, 3]).size(i64::MIN), f([2, 3]).try_size(i64::MIN);
    "f().size(0)" Dim: f([]).size(0), f([]).try_size(0);
    "f(1).expand(-2)" Shape: f([1]).expand(-2), f([1]).try_expand(-2);
    "f(1, 3).expand(-2, 3)" Shape: f([1, 3]).expand([-2, 3]), f([1, 3]).try_expand([-2, 3]);
    "f(1).expand(2**62)" Memory: f([1]).expand(1i64 << 62), f([1]).try_expand(1i64 << 62);
    "f(1).expand(2**40, 2**19).expand(16, 2**40, 2**19)" Memory:
        f([1]).expand([1i64 << 40, 524288]).expand([16, 1i64 << 40, 524288]),
        f([1]).expand([1i64 << 40, 524288]).try_expand([16, 1i64 << 40, 524288]);
    "f(0).chunk(2**62)" Memory: f([0]).chunk(1usize << 62, 0), f([0]).try_chunk(1usize << 62, 0);
    "f(0).view(0, 2**62, 4)" Memory: f([0]).view([0, 1i64 << 62, 4]), f([0]).try_view([0, 1i64 << 62, 4]);
    "f(0).view(-1, 2**62, 4)" Memory: f([0]).view([-1, 1i64 << 62, 4]), f([0]).try_view([-1, 1i64 << 62, 4]);
    "f(3).as_strided((2,), (1,), 2**62)" Memory:
        f([3]).as_strided([2], [1], 1usize << 62), f([3]).try_as_strided([2], [1], 1usize << 62);
    "f(3).as_strided((1,), (2**62,)).unsqueeze(0)" fine: f([3]).as_strided([1], [1i64 << 62], 0).unsqueeze(0);
    "f(2, 3).flatten(2**63 - 1)" Dim: f([2, 3]).flatten_dims(i64::MAX, -1), f([2, 3]).try_flatten_dims(i64::MAX, -1);
    "stack([f(2), f(2)], 2**63 - 1)" Dim: stack(&[f([2]), f([2])], i64::MAX), try_stack(&[f([2]), f([2])], i64::MAX);
    "f(1).view([1] * 64).unsqueeze(64)" Dim: f([1]).view([1; 64]).unsqueeze(64), f([1]).view([1; 64]).try_unsqueeze(64);
    "f(1).view([1] * 65)" Dim: f([1]).view([1; 65]), f([1]).try_view([1; 65]);
    "f(1).expand([1] * 65)" Dim: f([1]).expand([1; 65]), f([1]).try_expand([1; 65]);
    "f(1).view([1] * 64).sum(63)" fine: f([1]).view([1; 64]).sum_dim(63, false);
    "f(1).view([1] * 64).flip(63)" fine: f([1]).view([1; 64]).flip(63);
    "f(1).view([1] * 64).squeeze(63)" fine: f([1]).view([1; 64]).squeeze_dim(63);
}
