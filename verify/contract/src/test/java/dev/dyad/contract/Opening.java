package dev.dyad.contract;

import dev.dyad.harness.TestLength;
import dev.dyad.socket.SocketPair;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/// A way in which two connected streams come to be, and the threads that use them.
///
/// @param name what the tests with it are called
record Opening(String name, OpenedPair.Opener opener, ThreadFactory threads) {

    private static final List<List<Opening>> NATIVE = List.of(
            onBothKindsOfThreads("pair", SocketPair::stream),
            onBothKindsOfThreads("path", AddressKind.PATH::streams),
            onBothKindsOfThreads("internet", AddressKind.INET::streams));
    private static final List<List<Opening>> PLATFORM_FREE = List.of(
            onBothKindsOfThreads("unix", SocketPair::stream), onBothKindsOfThreads("loopback", OpenedPair::loopback));

    /// Returns those of a JVM with native access.
    static Stream<Opening> ofNativeSockets() {
        return NATIVE.stream().flatMap(List::stream);
    }

    /// Returns those of a JVM with native access for a class that is slow: in short runs with one kind of threads each.
    static Stream<Opening> someOfNativeSockets() {
        return NATIVE.stream().map(TestLength::oneOrAll).flatMap(List::stream);
    }

    /// Returns those of a JVM without native access.
    static Stream<Opening> platformFree() {
        return PLATFORM_FREE.stream().flatMap(List::stream);
    }

    /// Returns those of a JVM without native access for a class that is slow: in short runs with one kind of threads
    /// each.
    static Stream<Opening> someOfPlatformFree() {
        return PLATFORM_FREE.stream().map(TestLength::oneOrAll).flatMap(List::stream);
    }

    private static List<Opening> onBothKindsOfThreads(String name, OpenedPair.Opener opener) {
        return List.of(
                new Opening(
                        name + " on platform threads",
                        opener,
                        Thread.ofPlatform().factory()),
                new Opening(
                        name + " on virtual threads", opener, Thread.ofVirtual().factory()));
    }

    @Override
    public String toString() {
        return name;
    }
}
