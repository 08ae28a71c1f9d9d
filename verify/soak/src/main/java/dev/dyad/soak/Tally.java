package dev.dyad.soak;

import java.util.concurrent.atomic.LongAdder;

/// How often one kind of work was done, and how many bytes were compared in it.
record Tally(String workload, LongAdder rounds, LongAdder bytes) {

    static Tally of(Workload workload) {
        return new Tally(workload.name(), new LongAdder(), new LongAdder());
    }

    void add(long compared) {
        rounds.increment();
        bytes.add(compared);
    }

    /// Returns a line for people.
    String line() {
        return "%-26s %12d rounds %18d bytes compared".formatted(workload, rounds.sum(), bytes.sum());
    }
}
