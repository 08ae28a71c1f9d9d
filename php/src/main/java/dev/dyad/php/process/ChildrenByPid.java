package dev.dyad.php.process;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/// Children by their pids, each until somebody has waited for it.
///
/// A pid may be that of several: a child that has ended is reaped at once, and the kernel gives its number to another
/// while nobody has asked for the first one yet. Any thread may use it.
///
/// @param <C> what a child is
final class ChildrenByPid<C> {

    private final ConcurrentMap<Integer, List<C>> children = new ConcurrentHashMap<>();

    void add(int pid, C child) {
        children.merge(
                pid,
                List.of(child),
                (before, added) ->
                        Stream.concat(before.stream(), added.stream()).toList());
    }

    /// Returns those with a pid, the earliest first.
    List<C> of(int pid) {
        return children.getOrDefault(pid, List.of());
    }

    /// Returns all of them.
    List<C> all() {
        return children.values().stream().flatMap(List::stream).toList();
    }

    /// Removes one, for the first who does so.
    ///
    /// @return whether it was there
    boolean remove(int pid, C child) {
        List<C> before = of(pid);
        while (before.contains(child)) {
            List<C> left = before.stream().filter(other -> !other.equals(child)).toList();
            if (left.isEmpty() ? children.remove(pid, before) : children.replace(pid, before, left)) {
                return true;
            }
            before = of(pid);
        }
        return false;
    }
}
