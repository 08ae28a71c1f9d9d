package dev.dyad.message;

import java.util.LinkedHashSet;

/// Numbers of requests whose answers, should they still come, nobody wants. The oldest ones are forgotten.
final class GivenUpRequests {

    private static final int MOST = 10_000;

    private final LinkedHashSet<Long> numbers = new LinkedHashSet<>(0);
    private long forgotten; // at most that one; their answers are taken for late ones

    synchronized void add(long number) {
        numbers.add(number);
        if (numbers.size() > MOST) {
            forgotten = Math.max(forgotten, numbers.removeFirst());
        }
    }

    synchronized int size() {
        return numbers.size();
    }

    synchronized boolean has(long number) {
        return number <= forgotten || numbers.contains(number);
    }

    /// Is told that the answer has come, after which there is none any more.
    ///
    /// @return whether one was to come
    synchronized boolean remove(long number) {
        return numbers.remove(number) || number <= forgotten;
    }
}
