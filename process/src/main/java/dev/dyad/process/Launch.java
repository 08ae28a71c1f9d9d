package dev.dyad.process;

import dev.dyad.process.exit.ChildLifecycle;
import dev.dyad.process.exit.ChildProcess;
import dev.dyad.process.spawn.ChildDescriptors;
import dev.dyad.process.spawn.ResourceLimits;
import dev.dyad.process.spawn.SpawnOperation;
import dev.dyad.process.stream.ChildEnds;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.thread.BlockingCalls;
import dev.dyad.socket.thread.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One start of a command: makes what the child is given, spawns, and owns nothing afterwards.
final class Launch {

    /// Where virtual threads spawn: `posix_spawn` returns when the program has been loaded.
    private static final BlockingCalls SPAWNS = new BlockingCalls("dyad-spawner", 256);

    /// Parents of the children that get a signal when the thread that spawned them ends.
    private static final BlockingCalls PARENTS = new BlockingCalls("dyad-parent", 256);

    /// The thread that takes every child's exit as soon as it ends, so that none stays a zombie, however many there
    /// are, and reads what they write where the last lines of it are kept.
    ///
    /// It is there from the first child on, and ends a little after the last one is over. While it has nothing to
    /// wait for it waits outside of the kernel: a JVM that ends gives threads in native calls 0.3 s to return.
    static final EventLoop.OnDemand REAPER = new EventLoop.OnDemand("dyad-reaper", false, true);

    private final Command command;
    private final List<String> said;
    private final List<String> words;
    private final @Nullable Integer fd;
    private final Map<Integer, Stdio> streams;
    private final boolean endsGroup;

    /// @param said the program and its arguments
    /// @param words what is run: the same, or what prepares it first
    /// @param fd where the child finds its end, or `null` if it is to have none
    /// @param streams what it is to have on its other descriptors
    /// @param endsGroup whether the process group that it leads ends with it
    Launch(
            Command command,
            List<String> said,
            List<String> words,
            @Nullable Integer fd,
            Map<Integer, Stdio> streams,
            boolean endsGroup) {
        this.command = command;
        this.said = said;
        this.words = words;
        this.fd = fd;
        this.streams = streams;
        this.endsGroup = endsGroup;
    }

    /// Makes what the child is given on this thread, since a file may keep it waiting for longer than a spawn, and
    /// then spawns.
    ///
    /// @param needsParent whether the thread that spawns stays until the child has ended
    /// @param endsByUs whether the child is ended when this JVM ends
    Child start(boolean needsParent, boolean endsByUs) throws IOException {
        SocketCalls.requireNative();
        var ours = new ChildEnds();
        boolean started = false;
        try (var theirs = new ChildDescriptors(ours)) {
            give(theirs);
            Child child = spawnByThread(theirs, ours, endsByUs, needsParent);
            started = true;
            return child;
        } finally {
            if (!started) {
                ours.close();
            }
        }
    }

    private void give(ChildDescriptors theirs) throws IOException {
        Integer number = fd;
        if (number != null) {
            theirs.socket(number);
        }
        for (var entry : streams.entrySet()) {
            entry.getValue().make(entry.getKey(), theirs);
        }
        theirs.resolve();
    }

    /// Spawns on this thread; on one of ours if this one is virtual, as a spawn blocks until the program has been
    /// loaded, or if the thread that spawns has to live for as long as the child.
    private Child spawnByThread(ChildDescriptors theirs, ChildEnds ours, boolean endsByUs, boolean needsParent)
            throws IOException {
        if (needsParent) {
            return PARENTS.callAndStay(leave -> spawnAndStay(theirs, ours, endsByUs, leave));
        }
        if (Thread.currentThread().isVirtual()) {
            return SPAWNS.call(() -> spawn(theirs, ours, endsByUs));
        }
        return spawn(theirs, ours, endsByUs);
    }

    private Child spawnAndStay(ChildDescriptors theirs, ChildEnds ours, boolean endsByUs, Runnable leave)
            throws IOException {
        Child child = spawn(theirs, ours, endsByUs);
        boolean stays = false;
        try {
            child.whenEnded(leave);
            stays = true;
        } finally {
            if (!stays) {
                child.endNow();
            }
        }
        return child;
    }

    /// Makes everything beforehand that can fail: once the program runs, it is owned.
    private Child spawn(ChildDescriptors theirs, ChildEnds ours, boolean endsByUs) throws IOException {
        ResourceLimits limits = command.limits;
        EventLoop reaper = REAPER.use();
        try {
            ours.begin(reaper);
            if (limits != null) {
                limits.require();
            }
            ResourceLimits ofOurs = limits == null || command.limitsItself() ? null : limits;
            var life = new ChildLifecycle(
                    said.getFirst(),
                    ours,
                    command.leadsGroup(),
                    command.stopTimeouts(),
                    reaper,
                    ChildEndedException::new);
            if (endsGroup) {
                life.endGroupWithLeader();
            }
            var child = new Child(life, ours, said);
            life.start(endsByUs, spawning(theirs));
            limitAndWatch(life, ofOurs);
            return child;
        } finally {
            reaper.release();
        }
    }

    private ChildProcess.Spawning spawning(ChildDescriptors theirs) {
        var spawn = new SpawnOperation(words, command.directory, command.environment, command.attributes, theirs);
        Child leader = command.leader;
        return leader == null ? spawn::run : () -> leader.spawnIntoGroup(spawn::run);
    }

    /// @param limits what the child, which runs, is limited to by us
    private static void limitAndWatch(ChildLifecycle life, @Nullable ResourceLimits limits) throws IOException {
        boolean limited = false;
        try {
            if (limits != null) {
                limits.apply(life.process().number());
            }
            limited = true;
        } finally {
            life.watch();
            if (!limited) {
                life.ending().now();
            }
        }
    }
}
