package dev.dyad.socket;

/// A [SystemSocket] in a [SystemSelection], in which it stays when a select is over.
final class Membership {

    final SystemSelection selection;
    final SystemSocket socket;
    final int fd; // the socket's for as long as this is not gone
    volatile boolean gone; // written under the lock of the socket

    // -- used by the thread that has the selection
    int index;
    int interest; // what the queue watches for
    int wanted;
    long wantedIn; // the round
    int ready;
    long readyIn;
    long toldIn; // the look
    boolean changing;

    Membership(SystemSelection selection, SystemSocket socket, int fd) {
        this.selection = selection;
        this.socket = socket;
        this.fd = fd;
    }
}
