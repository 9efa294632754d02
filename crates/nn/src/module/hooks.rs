//! Who watches the layers' outputs: `register_module_forward_hook` of `torch.nn.modules.module`. It knows no layer.

use super::Module;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use tensor::Tensor;

type Hook<'a> = dyn Fn(&dyn Module, &Tensor, &Tensor) + 'a;

thread_local! {
    /// Whether there is any hook: what a layer asks each time.
    static WATCHED: Cell<bool> = const { Cell::new(false) };
    static HOOKS: RefCell<Vec<(u64, Rc<Hook<'static>>)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u64> = const { Cell::new(0) };
}

/// A hook; it is taken away when this is dropped.
#[must_use = "the hook is taken away when this is dropped"]
pub struct ForwardHook(u64);

/// Has `hook` called on this thread with each layer, its input and its output, after each forward pass of a layer.
///
/// ```
/// use nn::{Forward, Linear, ReLU, register_module_forward_hook, sequential};
/// use std::{cell::RefCell, rc::Rc};
/// use tensor::ones;
///
/// let net = sequential![Linear::new(2, 3), ReLU::new()];
/// let shapes = Rc::new(RefCell::new(vec![]));
/// let seen = shapes.clone();
/// let hook = register_module_forward_hook(move |module, _, output| {
///     seen.borrow_mut().push((module.type_name(), output.shape().to_vec()));
/// });
/// net.forward(&ones([5, 2]));
/// drop(hook);
/// assert_eq!(shapes.borrow()[0], ("Linear", vec![5, 3]));
/// assert_eq!(shapes.borrow().len(), 3); // the third is the Sequential
/// ```
pub fn register_module_forward_hook(hook: impl Fn(&dyn Module, &Tensor, &Tensor) + 'static) -> ForwardHook {
    let number = NEXT.replace(NEXT.get() + 1);
    HOOKS.with_borrow_mut(|hooks| hooks.push((number, Rc::new(hook))));
    WATCHED.set(true);
    ForwardHook(number)
}

impl Drop for ForwardHook {
    fn drop(&mut self) {
        let left = HOOKS.with_borrow_mut(|hooks| {
            hooks.retain(|(number, _)| *number != self.0);
            hooks.len()
        });
        WATCHED.set(left > 0);
    }
}

/// Tells the hooks that `module` has made `output` of `input`, and returns it. The layers here do so themselves; call it at the
/// end of a forward pass of your own if hooks and [`summary`](super::summary()) are to see it.
pub fn observe(module: &dyn Module, input: &Tensor, output: Tensor) -> Tensor {
    if WATCHED.get() {
        // Hooks may run layers, and add or drop hooks: the list is not held while they run.
        let hooks: Vec<Rc<Hook<'static>>> =
            HOOKS.with_borrow(|hooks| hooks.iter().map(|(_, hook)| hook.clone()).collect());
        hooks.iter().for_each(|hook| hook(module, input, &output));
    }
    output
}
