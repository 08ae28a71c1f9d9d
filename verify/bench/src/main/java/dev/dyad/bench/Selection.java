package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A select beside many ends that nothing happens on, and with many that are ready: prints what it costs. Its twin
/// is `selection.c`.
///
/// Nothing is read, so that every select tells the same ends again.
public final class Selection implements Closeable {

    /// Nanoseconds of a select with one end ready, of a few ends.
    static final String FEW = "few";
    /// The same, of as many as were asked for.
    static final String MANY = "many";
    /// Nanoseconds that each further end adds that is ready.
    static final String READY = "ready";

    private static final int FEW_ENDS = 10;
    private static final int BATCH = 100;
    private static final int UNDISTURBED = 5; // percent

    private final String who;
    private final Watch watch;
    private final List<Peer.Ends> pairs = new ArrayList<>();

    private Selection(String who) throws IOException {
        this.who = who;
        watch = Watch.open(who);
    }

    /// Measures.
    ///
    /// @param arguments whose ends, how many, how many more become ready, and how many seconds count
    public static void main(String[] arguments) throws IOException {
        int ends = Integer.parseInt(arguments[1]);
        int ready = Integer.parseInt(arguments[2]);
        double seconds = Double.parseDouble(arguments[3]);
        try (var selection = new Selection(arguments[0])) {
            selection.watch(FEW_ENDS);
            selection.makeReady(0, 1);
            double few = selection.nanosOfSelect(1, seconds);
            selection.watch(ends);
            double many = selection.nanosOfSelect(1, seconds);
            selection.makeReady(1, 1 + ready);
            double more = selection.nanosOfSelect(1 + ready, seconds);
            System.out.println(FEW + "=" + few);
            System.out.println(MANY + "=" + many);
            System.out.println(READY + "=" + (more - many) / ready);
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
