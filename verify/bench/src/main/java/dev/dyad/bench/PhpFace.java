package dev.dyad.bench;

import static dev.dyad.php.Sockets.AF_UNIX;
import static dev.dyad.php.Sockets.SOCK_STREAM;
import static dev.dyad.php.Sockets.socket_create_pair;
import static dev.dyad.php.Sockets.socket_read;
import static dev.dyad.php.Sockets.socket_select;
import static dev.dyad.php.Sockets.socket_write;

import dev.dyad.php.Socket;
import java.util.ArrayList;
import java.util.List;

/// The functions of PHP on one thread: prints the nanoseconds that they take where nobody disturbs. Its twin is
/// `face.php`.
public final class PhpFace {

    /// A write and a read of 64 bytes.
    static final String PAIR = "pair";
    /// A select over many pairs, one of which is ready.
    static final String SELECT = "select";

    private static final int MESSAGE = 64;
    private static final int BATCH = 100;
    private static final int UNDISTURBED = 5; // percent
    private static final int WARM_UP = 4; // times as long

    private PhpFace() {}

    /// Measures for so long, after a while that warms up what is measured.
    ///
    /// @param arguments what, how many seconds count, and how many pairs there are
    public static void main(String[] arguments) {
        double seconds = Double.parseDouble(arguments[1]);
        Runnable round = arguments[0].equals(PAIR) ? writeRead() : select(Integer.parseInt(arguments[2]));
        double _ = nanos(round, WARM_UP * seconds);
        System.out.println(nanos(round, seconds));
    }

    private static Runnable writeRead() {
        Socket[] pair = open();
        var message = new byte[MESSAGE];
        return () -> {
            int written = socket_write(pair[0], message);
            byte[] read = socket_read(pair[1], MESSAGE);
            check(written == MESSAGE && read != null && read.length == MESSAGE);
        };
    }

    private static Runnable select(int pairs) {
        var writers = new ArrayList<Socket>(); // and held, or they would be closed
        var readers = new ArrayList<Socket>();
        for (int i = 0; i < pairs; i++) {
            Socket[] pair = open();
            writers.add(pair[0]);
            readers.add(pair[1]);
        }
        int written = socket_write(writers.getFirst(), new byte[1]);
        check(written == 1);
        return () -> {
            List<Socket> ready = new ArrayList<>(readers);
            check(socket_select(ready, null, null, null) == 1 && writers.size() == readers.size());
        };
    }

    private static Socket[] open() {
        var pair = new Socket[2];
        check(socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair));
        return pair;
    }

    private static void check(boolean done) {
        if (!done) {
            throw new IllegalStateException("a call failed, or not all came");
        }
    }

    private static double nanos(Runnable round, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        var nanos = new ArrayList<Double>();
        do {
            long start = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                round.run();
            }
            nanos.add((double) (System.nanoTime() - start) / BATCH);
        } while (System.nanoTime() < end);
        nanos.sort(null);
        return nanos.get(nanos.size() * UNDISTURBED / 100);
    }
}
