package dev.dyad.php.process;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Children by their pids, each until somebody has waited for it.
///
/// A pid may be that of several: a child that has ended is reaped at once, and the kernel gives its number to another
/// while nobody has asked for the first one yet. Any thread may use it.
///
/// @param <C> what a child is
final class ChildrenByPid<C> {

    private final List<Entry<C>> entries = new CopyOnWriteArrayList<>();

    private record Entry<C>(int pid, C child) {}

    void add(int pid, C child) {
        entries.add(new Entry<>(pid, child));
    }

    /// Returns those with a pid, the earliest first.
    List<C> of(int pid) {
        return entries.stream()
                .filter(entry -> entry.pid == pid)
                .map(Entry::child)
                .toList();
    }

    /// Returns all of them.
    List<C> all() {
        return entries.stream().map(Entry::child).toList();
    }

    /// Removes one; only the first call that does so gets it.
    ///
    /// @return whether it was there
    boolean remove(int pid, C child) {
        return entries.remove(new Entry<>(pid, child));
    }
}
