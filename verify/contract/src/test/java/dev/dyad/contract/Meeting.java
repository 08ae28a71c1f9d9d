package dev.dyad.contract;

import java.util.concurrent.ThreadFactory;

/// Where the sockets of a test meet that are not born as a pair, and the threads that use them.
abstract class Meeting {

    final AddressKind place;
    private final ThreadFactory threads;

    Meeting(AddressKind place, Thread.Builder threads) {
        this.place = place;
        this.threads = threads.factory();
    }

    public AddressKind place() {
        return place;
    }

    public ThreadFactory threads() {
        return threads;
    }
}
