//! Walks over the tree of modules: in which order names come, and that a tensor shared by two modules counts once.

use super::{Member, MemberMut, Mode, Module};
use tensor::{Destination, Gradient, Place, Tensor};

/// `prefix.name`, or `name` alone at the top.
pub fn joined(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.into() } else { format!("{prefix}.{name}") }
}

/// The modules directly in `module`.
pub fn children(module: &dyn Module) -> Vec<(String, &dyn Module)> {
    let mut found = Vec::new();
    module.members(&mut |name, member| {
        if let Member::Module(child) = member {
            found.push((name.to_string(), child));
        }
    });
    found
}

/// `module` and all in it, each before those in it.
pub fn modules(module: &dyn Module) -> Vec<(String, &dyn Module)> {
    fn enter<'a>(prefix: &str, module: &'a dyn Module, found: &mut Vec<(String, &'a dyn Module)>) {
        found.push((prefix.to_string(), module));
        children(module).into_iter().for_each(|(name, child)| enter(&joined(prefix, &name), child, found));
    }
    let mut found = Vec::new();
    enter("", module, &mut found);
    found
}

/// What `pick` takes of the members of every module, with full names.
fn tensors(module: &dyn Module, pick: fn(Member<'_>) -> Option<&Tensor>) -> Vec<(String, Tensor)> {
    let mut found = Vec::new();
    for (prefix, module) in modules(module) {
        module.members(&mut |name, member| found.extend(pick(member).map(|own| (joined(&prefix, name), own.clone()))));
    }
    found
}

fn parameter(member: Member<'_>) -> Option<&Tensor> {
    if let Member::Parameter(parameter) = member { Some(parameter) } else { None }
}

fn buffer(member: Member<'_>) -> Option<&Tensor> {
    if let Member::Buffer(buffer) = member { Some(buffer) } else { None }
}

/// All but those that are the same tensor as one before.
fn distinct(tensors: Vec<(String, Tensor)>) -> Vec<(String, Tensor)> {
    let mut kept: Vec<(String, Tensor)> = Vec::with_capacity(tensors.len());
    let mut seen = std::collections::HashSet::new();
    for (name, tensor) in tensors {
        // Only tensors over the same memory can be the same.
        if seen.insert(tensor.data_ptr()) || !kept.iter().any(|(_, other)| other.is_same(&tensor)) {
            kept.push((name, tensor));
        }
    }
    kept
}

/// All parameters, each once.
pub fn parameters(module: &dyn Module) -> Vec<(String, Tensor)> {
    distinct(tensors(module, parameter))
}

/// All buffers, each once.
pub fn buffers(module: &dyn Module) -> Vec<(String, Tensor)> {
    distinct(tensors(module, buffer))
}

/// Parameters and buffers in the order of a state dict: of each module first the parameters, then the buffers, then what is in
/// the modules in it. Shared tensors come under each of their names.
pub fn state(module: &dyn Module) -> Vec<(String, Tensor)> {
    let mut found = Vec::new();
    for (prefix, module) in modules(module) {
        for pick in [parameter, buffer] {
            module.members(&mut |name, member| {
                found.extend(pick(member).map(|own| (joined(&prefix, name), own.clone())))
            });
        }
    }
    found
}

/// All modes.
pub fn modes(module: &dyn Module, each: &mut dyn FnMut(&Mode)) {
    module.members(&mut |_, member| match member {
        Member::Mode(mode) => each(mode),
        Member::Module(child) => modes(child, each),
        Member::Parameter(_) | Member::Buffer(_) => {}
    });
}

/// `each` with every module, those in a module before it.
pub fn apply(module: &dyn Module, each: &mut dyn FnMut(&dyn Module)) {
    children(module).into_iter().for_each(|(_, child)| apply(child, each));
    each(module);
}

/// Replaces every parameter and buffer by the one that `destination` makes of it; a shared tensor stays shared.
#[track_caller]
pub fn move_all(module: &mut dyn Module, destination: &Destination) {
    let mut done: Vec<(Tensor, Tensor)> = Vec::new();
    replace(module, &mut |tensor| {
        if let Some((_, new)) = done.iter().find(|(old, _)| old.is_same(tensor)) {
            return new.clone();
        }
        let new = moved(tensor, destination);
        done.push((tensor.clone(), new.clone()));
        new
    });
}

fn replace(module: &mut dyn Module, with: &mut dyn FnMut(&Tensor) -> Tensor) {
    module.members_mut(&mut |_, member| match member {
        MemberMut::Parameter(tensor) | MemberMut::Buffer(tensor) => *tensor = with(tensor),
        MemberMut::Module(child) => replace(child, with),
    });
}

/// `tensor` elsewhere, with its gradient and the wish for one. A dtype changes floating-point tensors only.
fn moved(tensor: &Tensor, destination: &Destination) -> Tensor {
    let place = |tensor: &Tensor| match tensor.dtype().is_floating_point() {
        true => tensor.detach().to(destination.clone()),
        false => tensor.detach().to(destination.clone().without_dtype()),
    };
    let new = place(tensor);
    if new.shares_storage(tensor) {
        return tensor.clone();
    }
    if tensor.requires_grad() {
        new.requires_grad_(true);
        new.set_grad(tensor.grad().map(|grad| place(&grad)));
    }
    new
}
