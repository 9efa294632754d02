//! What few nodes carry: hooks, a retained gradient, a name, the forward value for pictures, the place of creation.

use std::backtrace::Backtrace;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use tensor_core::{Result, Tensor, bail};

type Hook = Box<dyn Fn(&Tensor) -> Option<Tensor> + Send + Sync>;

#[derive(Default)]
struct Hooks {
    next: u64,
    list: BTreeMap<u64, Arc<Hook>>,
}

/// A node's rare belongings.
#[derive(Default)]
pub(crate) struct Extras {
    hooks: Arc<Mutex<Hooks>>,
    /// `Some` once `retain_grad` was called; then the gradient, when it is known.
    retained: Mutex<Option<Option<Tensor>>>,
    name: Mutex<Option<String>>,
    value: OnceLock<Tensor>,
    trace: OnceLock<String>,
}

fn open<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Extras {
    pub(crate) fn add_hook(&self, hook: Hook) -> HookHandle {
        let mut hooks = open(&self.hooks);
        let id = hooks.next;
        hooks.next += 1;
        hooks.list.insert(id, Arc::new(hook));
        HookHandle { hooks: Arc::downgrade(&self.hooks), id }
    }

    /// The gradient after all hooks, in the order of their registration.
    pub(crate) fn run_hooks(&self, mut grad: Tensor) -> Result<Tensor> {
        // A hook may register or remove hooks: the list is not locked while they run.
        let list: Vec<Arc<Hook>> = open(&self.hooks).list.values().cloned().collect();
        for hook in list {
            if let Some(new) = hook(&grad) {
                if new.shape() != grad.shape() {
                    bail!(Autograd, "a hook has changed the size of value");
                }
                grad = new;
            }
        }
        Ok(grad)
    }

    /// Hands the wish for the gradient, and the name, over to the node that takes this one's place.
    pub(crate) fn pass_on(&self, next: &Extras) {
        if open(&self.retained).take().is_some() {
            next.retain_grad();
        }
        if let Some(name) = open(&self.name).clone() {
            next.set_name(name);
        }
    }

    pub(crate) fn retain_grad(&self) {
        open(&self.retained).get_or_insert(None);
    }

    pub(crate) fn retains_grad(&self) -> bool {
        open(&self.retained).is_some()
    }

    pub(crate) fn retained(&self) -> Option<Tensor> {
        open(&self.retained).clone().flatten()
    }

    pub(crate) fn set_retained(&self, grad: Option<Tensor>) {
        *open(&self.retained) = Some(grad);
    }

    pub(crate) fn into_retained(self) -> Option<Tensor> {
        self.retained.into_inner().unwrap_or_else(PoisonError::into_inner).flatten()
    }

    pub(crate) fn set_name(&self, name: String) {
        *open(&self.name) = Some(name);
    }

    pub(crate) fn name(&self) -> Option<String> {
        open(&self.name).clone()
    }

    pub(crate) fn set_value(&self, value: Tensor) {
        self.retain_grad();
        let _ = self.value.set(value);
    }

    pub(crate) fn value(&self) -> Option<&Tensor> {
        self.value.get()
    }

    pub(crate) fn set_trace(&self) {
        let _ = self.trace.set(Backtrace::force_capture().to_string());
    }

    pub(crate) fn trace(&self) -> Option<&str> {
        self.trace.get().map(String::as_str)
    }
}

/// A registered hook; [`remove`](HookHandle::remove) takes it away. Dropping the handle leaves the hook in place.
pub struct HookHandle {
    hooks: Weak<Mutex<Hooks>>,
    id: u64,
}

impl HookHandle {
    /// Removes the hook.
    pub fn remove(self) {
        if let Some(hooks) = self.hooks.upgrade() {
            open(&hooks).list.remove(&self.id);
        }
    }
}
