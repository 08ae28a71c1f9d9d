package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A select among many ends that nothing happens on, and with many that are ready: prints what it costs. Its
/// twin is `selection.c`.
///
/// Nothing is read, so that every select tells the same ends again.
public final class Selection implements Closeable {

    /// Nanoseconds that each further end adds that is ready.
    static final String READY = "ready";

    private static final int BATCH = 100;
    private static final int UNDISTURBED = 5; // percent

    private final String who;
    private final Watch watch;
    private final List<Peer.Ends> pairs = new ArrayList<>();

    private Selection(String who) throws IOException {
        this.who = who;
        watch = Watch.open(who);
    }

    /// Returns the name of the nanoseconds of a select with one end ready, of one of several numbers of ends.
    static String ofEnds(int index) {
        return "ends-" + index;
    }

    /// Measures.
    ///
    /// @param arguments whose ends, several numbers of them, from the smallest on, how many more
    ///     are ready in the end, and how many seconds count
    public static void main(String[] arguments) throws IOException {
        List<Integer> ends =
                Stream.of(arguments[1].split(",")).map(Integer::valueOf).toList();
        int ready = Integer.parseInt(arguments[2]);
        double seconds = Double.parseDouble(arguments[3]);
        try (var selection = new Selection(arguments[0])) {
            double one = 0;
            for (int i = 0; i < ends.size(); i++) {
                selection.watch(ends.get(i));
                selection.makeReady(0, i == 0 ? 1 : 0);
                one = selection.nanosOfSelect(1, seconds);
                System.out.println(ofEnds(i) + "=" + one);
            }
            selection.makeReady(1, 1 + ready);
            double more = selection.nanosOfSelect(1 + ready, seconds);
            System.out.println(READY + "=" + (more - one) / ready);
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
        for (Peer.Ends pair : pairs) {
            pair.close();
        }
    }

    /// Adds pairs, both ends of which are watched, until there are so many ends.
    private void watch(int ends) throws IOException {
        while (2 * pairs.size() < ends) {
            Peer.Ends pair = PeerPairs.open(who);
            pairs.add(pair);
            watch.add(pair.left());
            watch.add(pair.right());
        }
    }

    private void makeReady(int from, int to) throws IOException {
        for (Peer.Ends pair : pairs.subList(from, to)) {
            pair.left().write(ByteBuffer.allocate(1));
        }
    }

    private double nanosOfSelect(int ready, double seconds) throws IOException {
        List<Double> _ = nanos(ready, seconds);
        List<Double> sorted = nanos(ready, seconds).stream().sorted().toList();
        return sorted.get(sorted.size() * UNDISTURBED / 100);
    }

    private List<Double> nanos(int ready, double seconds) throws IOException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        var nanos = new ArrayList<Double>();
        do {
            long start = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                select(ready);
            }
            nanos.add((double) (System.nanoTime() - start) / BATCH);
        } while (System.nanoTime() < end);
        return nanos;
    }

    private void select(int ready) throws IOException {
        int told = watch.select();
        if (told != ready) {
            throw new IOException("%d ends were told of, and not %d".formatted(told, ready));
        }
    }
}
