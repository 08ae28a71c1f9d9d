package dev.dyad.cli;

import dev.dyad.cli.TopFrame.Count;
import dev.dyad.cli.TopFrame.Ends;
import dev.dyad.cli.TopFrame.Happening;
import dev.dyad.cli.TopFrame.PoolRow;
import dev.dyad.cli.TopFrame.Took;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.Nullable;

/// What a JVM tells of itself, read from the repository of its flight recorder: a frame each second, with what it
/// has told by then.
///
/// Where nobody takes the frames, it reads no further. Its state belongs to the thread that reads.
final class TopEvents implements AutoCloseable {

    private static final int SILENT = 3; // frames in which a pool has not told of itself, after which it is gone
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(3); // by when what there is has been told once
    private static final long NEARLY_A_SECOND = TimeUnit.MILLISECONDS.toNanos(900); // from a flush to the next

    private final long pid;
    private final EventStream stream;
    private final BlockingQueue<TopFrame> frames = new ArrayBlockingQueue<>(2);
    private volatile boolean ended;
    private volatile boolean silent = true;

    private @Nullable Ends ends; // until it is told
    private @Nullable Count channels;
    private @Nullable Count children;
    private boolean hasPools; // or false: nobody is known to record them
    private final SortedMap<Integer, Told> pools = new TreeMap<>();
    private final List<Happening> happened = new ArrayList<>();
    private boolean hasTold; // since the last frame
    private boolean isSilent; // the last frame came without anything told
    private int count;
    private long last = System.nanoTime();

    /// A pool, and in which frame it told of itself: one that is closed does not tell of that.
    private record Told(PoolRow pool, int frame) {}

    private TopEvents(long pid, EventStream stream) {
        this.pid = pid;
        this.stream = stream;
    }

    /// Begins to read.
    ///
    /// @param isAllRecorded whether every kind is recorded, so that silence means that none was ever opened
    static TopEvents of(long pid, Path repository, boolean isAllRecorded) throws IOException {
        var events = new TopEvents(pid, EventStream.openRepository(repository));
        if (isAllRecorded) {
            events.ends = Ends.NONE;
            events.channels = Count.NONE;
            events.children = Count.NONE;
            events.hasPools = true;
        }
        events.follow();
        return events;
    }

    private void follow() {
        stream.onEvent("dyad.SocketStatistics", event -> ends = ends(event));
        stream.onEvent("dyad.ChannelStatistics", event -> channels = count(event, "open", "opened", "closed"));
        stream.onEvent("dyad.ChildStatistics", event -> children = count(event, "running", "started", "ended"));
        stream.onEvent("dyad.WorkersStatistics", event -> {
            hasPools = true;
            pools.compute(event.getInt("pool"), (_, before) -> told(event, before));
        });
        OwnRecording.PERIODIC.forEach(name -> stream.onEvent(name, _ -> hasTold = true));
        stream.onEvent(
                "dyad.ChildEnded",
                event -> happened(
                        event,
                        "child %d (%s): %s"
                                .formatted(event.getLong("pid"), text(event, "program"), text(event, "exit"))));
        stream.onEvent(
                "dyad.WorkerFailed",
                event -> happened(
                        event,
                        "pool %d, worker %d: %s"
                                .formatted(event.getInt("pool"), event.getInt("place"), text(event, "how"))));
        stream.onEvent(
                "dyad.WorkersGaveUp",
                event -> happened(
                        event, "pool %d, every worker fails: %s".formatted(event.getInt("pool"), text(event, "how"))));
        stream.onFlush(this::flushed);
        stream.onError(_ -> ended = true);
        stream.onClose(() -> ended = true);
        stream.startAsync();
    }

    private void happened(RecordedEvent event, String what) {
        happened.add(new Happening(event.getEndTime(), event.getEventType().getName(), what));
    }

    /// Returns a text of an event, which the JDK may fail to find: it keeps those of some length apart, and may drop
    /// one as another kind of event is told for the first time.
    private static String text(RecordedEvent event, String field) {
        return text(event, field, "(not recorded)");
    }

    private static String text(RecordedEvent event, String field, String otherwise) {
        return Objects.requireNonNullElse(event.getString(field), otherwise);
    }

    private Told told(RecordedEvent event, @Nullable Told before) {
        var pool = new PoolRow(
                event.getInt("pool"),
                before == null
                        ? text(event, "command")
                        : text(event, "command", before.pool().command()),
                event.getInt("workers"),
                event.getInt("ready"),
                event.getInt("busy"),
                event.getInt("waiting"),
                event.getInt("underWay"),
                event.getLong("answered"),
                event.getLong("failed"),
                event.getLong("started"),
                took(event, "waited"),
                took(event, "ran"));
        return new Told(pool, count);
    }

    private static Took took(RecordedEvent event, String what) {
        return new Took(
                event.getDuration(what + "50"), event.getDuration(what + "99"), event.getDuration(what + "Most"));
    }

    private static Count count(RecordedEvent event, String open, String opened, String closed) {
        return new Count(event.getLong(open), event.getLong(opened), event.getLong(closed));
    }

    private static Ends ends(RecordedEvent event) {
        long sockets = event.getLong("sockets");
        long listeners = event.getLong("listeners");
        long pipeEnds = event.getLong("pipeEnds");
        return new Ends(
                new Count(sockets + listeners + pipeEnds, event.getLong("opened"), event.getLong("closed")),
                sockets,
                listeners,
                pipeEnds,
                event.getLong("selectors"),
                event.getLong("descriptors"));
    }

    /// Where nothing of Dyad's was ever opened, nothing is told of it.
    private void flushed() {
        long now = System.nanoTime();
        if (!hasTold && now - last < (isSilent ? NEARLY_A_SECOND : SILENCE)) {
            return;
        }
        isSilent = !hasTold;
        silent &= isSilent;
        hasTold = false;
        last = now;
        count++;
        pools.values().removeIf(told -> count - told.frame() > SILENT);
        List<PoolRow> rows = hasPools ? pools.values().stream().map(Told::pool).toList() : null;
        var frame = new TopFrame(Instant.now(), pid, ends, channels, children, rows, List.copyOf(happened));
        happened.clear();
        try {
            frames.put(frame);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is closed
        }
    }

    /// Returns the next frame, if one comes within a moment.
    Optional<TopFrame> next(long millis) throws InterruptedException {
        return Optional.ofNullable(frames.poll(millis, TimeUnit.MILLISECONDS));
    }

    /// Returns whether nothing of Dyad's has been told so far.
    boolean isSilent() {
        return silent;
    }

    /// Returns whether the repository can be read no more.
    boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        stream.close();
        frames.clear(); // a thread that waits to put one goes on
    }
}
