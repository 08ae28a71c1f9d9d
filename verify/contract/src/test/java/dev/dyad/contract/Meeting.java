package dev.dyad.contract;

import java.util.concurrent.ThreadFactory;

/// Where the sockets of a test meet that are not born as a pair, and the threads that use them.
abstract class Meeting {

    final Place place;
    private final ThreadFactory threads;

    Meeting(Place place, Thread.Builder threads) {
        this.place = place;
        this.threads = threads.factory();
    }

    public Place place() {
        return place;
    }

    public ThreadFactory threads() {
        return threads;
    }
}
