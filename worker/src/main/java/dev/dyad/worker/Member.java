package dev.dyad.worker;

/// One worker as the pool counts it: a generation of a place.
final class Member {

    final Place place;
    final long generation;
    final WorkerProcess process;
    final long recycleAt; // answers

    // Under the pool's lock.
    int underWay;
    long answered;
    boolean leaving; // gets no more requests
    boolean stopped; // it is being ended, or has ended

    Member(Place place, long generation, WorkerProcess process, long recycleAt) {
        this.place = place;
        this.generation = generation;
        this.process = process;
        this.recycleAt = recycleAt;
    }
}
