package dev.dyad.worker;

import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.Requests;
import dev.dyad.message.gone.GonePeers;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.pool.PoolSpawn;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A child that answers requests.
final class WorkerProcess {

    private static final Duration INTRODUCTION = Duration.ofSeconds(60); // as RoadRunner waits for it
    private static final Duration LAST_WORD =
            Duration.ofSeconds(1); // it is there; but another may hold the stream open

    private final Child child;
    private final Requests requests;
    private final Exchange exchange;

    private WorkerProcess(Child child, Requests requests, Exchange exchange) {
        this.child = child;
        this.requests = requests;
        this.exchange = exchange;
    }

    /// Starts one.
    static WorkerProcess start(Command command, PoolSettings settings) throws IOException {
        Child child;
        synchronized (command) { // which is not for several threads at once
            child = PoolSpawn.of(command); // no worker leaves behind what it has started, or reads our input
        }
        try {
            MessageChannel channel = MessageChannel.to(child, settings.wire()).limit(settings.limit());
            return new WorkerProcess(child, Requests.over(channel, settings.exchange()), settings.exchange());
        } catch (RuntimeException | Error e) {
            child.close();
            throw e;
        }
    }

    long pid() {
        return child.pid();
    }

    Requests requests() {
        return requests;
    }

    /// Waits until it is known to answer. From then on a request that finds it gone fails at once, since others can
    /// be asked.
    ///
    /// @return whether it is; some exchanges have nothing to tell by
    boolean awaitFirstWord(PoolSettings settings) throws RequestFailedException {
        boolean hasAnswered = hasAnswered(settings);
        GonePeers.failAtOnce(requests.channel());
        return hasAnswered;
    }

    private boolean hasAnswered(PoolSettings settings) throws RequestFailedException {
        ByteBuffer first = settings.first();
        Duration within = settings.readyBy();
        if (first != null && within != null) {
            ByteBuffer _ = requests.call(first.duplicate(), Deadline.after(within));
            return true;
        }
        if (exchange == Exchange.GORIDGE) {
            requests.awaitIntroduction(Deadline.after(INTRODUCTION));
            return true;
        }
        return false;
    }

    /// Has somebody told how it ended, once it has: how its channel did, or `null` where that is not known, and then in
    /// words how its process did.
    void onEnd(BiConsumer<@Nullable Closed, String> ended) {
        var _ = child.onExit().whenComplete((exit, failure) -> ended.accept(lastWord(), describe(exit, failure)));
    }

    /// Returns how the channel has ended, once what it had said was read: another thread may be about to, or none.
    private @Nullable Closed lastWord() {
        if (exchange == Exchange.GORIDGE) {
            try {
                requests.awaitIntroduction(Deadline.after(LAST_WORD));
            } catch (RequestFailedException | RuntimeException | Error e) {
                // nothing but its end was to come, which is told in any case
            }
        }
        return requests.channel().closed().orElse(null);
    }

    private String describe(Exit exit, Throwable failure) {
        if (failure != null) {
            return "its exit is not known: " + failure.getMessage();
        }
        Closed seen = requests.channel().closed().orElse(null); // which knows of lack of memory, too
        return (seen instanceof Closed.ChildEnded ended ? ended : new Closed.ChildEnded(exit, false, lines()))
                .toString();
    }

    /// Returns its last lines so far, to be added to what is said of it.
    String printed() {
        List<String> lines = lines();
        return lines.isEmpty() ? "" : "; its last lines: " + String.join(" | ", lines);
    }

    private List<String> lines() {
        try {
            return child.lastLines();
        } catch (IllegalStateException | IllegalArgumentException notKept) {
            return List.of();
        }
    }

    /// Returns how much of it and of its children is in memory, or 0 where that is not known.
    long residentBytes() {
        return ResidentMemory.ofTree(pid());
    }

    /// Ends it: it finds the end of its stream, and is killed if it does not end by itself.
    ///
    /// @param why what the requests are told that it still has
    void stop(String why) {
        try (child;
                requests) {
            if (exchange != Exchange.GORIDGE) { // whose worker is told so over the channel, and has one request
                requests.channel().close(why);
            }
        } catch (IOException e) {
            // it may not be signalled: the kernel ends what it reads with us
        }
    }

    /// Kills it, while [#stop] waits for its end.
    void kill() {
        try {
            boolean _ = child.signal(Signal.KILL);
        } catch (IOException e) {
            // as above
        }
    }
}
