package dev.dyad.harness;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Fails every test, and every test class, that leaves a descriptor, a child process or a platform thread behind.
///
/// It registers itself everywhere. What settles by itself (a reaped child, a pipe that the JDK drains, a thread on its
/// way out) has twenty seconds to do so. It does not look for virtual threads.
public final class NoLeaks implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final Namespace NAMESPACE = Namespace.create(NoLeaks.class);
    /// How many milliseconds what is ending has to be gone: many, since a machine may be busy.
    static final String PATIENCE = "dyad.leaks.patience";

    private static final int DEFAULT_PATIENCE = 20_000;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private static final Set<String> BLAMED = ConcurrentHashMap.newKeySet();

    static {
        openWhatTheJdkKeeps();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        remember(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        remember(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        compare(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        compare(context);
    }

    private static void remember(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), Snapshot.take());
    }

    private static void compare(ExtensionContext context) {
        Snapshot before = Objects.requireNonNull(
                context.getStore(NAMESPACE).remove(context.getUniqueId(), Snapshot.class), "no snapshot");
        List<String> left = leftSince(before);
        long patience = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger(PATIENCE, DEFAULT_PATIENCE));
        for (long start = System.nanoTime(); !left.isEmpty() && System.nanoTime() - start < patience; ) {
            LockSupport.parkNanos(PAUSE);
            left = leftSince(before);
        }
        if (!left.isEmpty()) {
            BLAMED.addAll(left);
            throw new AssertionError(context.getDisplayName() + " left behind: " + String.join("; ", left));
        }
    }

    /// A class is not blamed again for what one of its tests was blamed for.
    private static List<String> leftSince(Snapshot before) {
        return Snapshot.take().since(before).stream()
                .filter(left -> !BLAMED.contains(left))
                .toList();
    }

    /// The JDK's first socket opens one more, which it dups over those that are closed under a reader, and keeps it.
    private static void openWhatTheJdkKeeps() {
        try (var channel = SocketChannel.open();
                var server = new ServerSocket()) {
            Objects.requireNonNull(channel);
            Objects.requireNonNull(server);
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
