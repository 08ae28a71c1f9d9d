package dev.dyad.bench;

import org.HdrHistogram.Histogram;

/// Asks a child JVM that echoes, and gives chunks to another that takes them, over connections of the peer that
/// is named: prints how long the asks took, and the GB/s that were given.
public final class PeerProcesses {

    static final String ASK = "ask";
    static final String RATE = "rate";

    private PeerProcesses() {}

    /// Measures.
    ///
    /// @param arguments whose link, and how many seconds count for each of the two
    public static void main(String[] arguments) throws Exception {
        var who = LinkedPeer.valueOf(arguments[0]);
        double seconds = Double.parseDouble(arguments[1]);
        try {
            try (PeerLink link = who.open(PeerLink.ECHO)) {
                Histogram _ = link.ask(RoundTrip.WARM_UP_TO_SPIN * seconds);
                PrintedPercentiles.print(ASK, link.ask(seconds));
            }
            try (PeerLink link = who.open(PeerLink.TAKE)) {
                double _ = link.give(seconds);
                System.out.println(RATE + "=" + link.give(seconds));
            }
        } catch (MissingPeer e) {
            e.exit();
        }
    }
}
