package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Endpoint;
import dev.dyad.socket.Readiness;
import dev.dyad.socket.Registration;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SocketSelector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Timeout;

/// What the contracts of selectors have in common: ends, threads, and what is told.
@Timeout(60)
public interface Selecting {

    /// What an end may be watched for.
    Set<Readiness> NOTHING = Set.of();
    Set<Readiness> READS = Set.of(Readiness.READ);
    Set<Readiness> WRITES = Set.of(Readiness.WRITE);
    Set<Readiness> BOTH = Set.of(Readiness.READ, Readiness.WRITE);

    /// Opens a pair of the ends that are looked at.
    SocketPair<? extends Endpoint> open() throws IOException;

    /// The kind of thread that selects.
    ThreadFactory threads();

    /// Returns what one select tells of, on a thread of the kind that is looked at.
    default List<Registration> told(SocketSelector selector) throws Exception {
        return Waiting.start(threads(), () -> tell(selector)).get();
    }

    /// Returns what is ready now.
    default List<Registration> toldNow(SocketSelector selector) throws Exception {
        return Waiting.start(threads(), () -> {
                    var told = new ArrayList<Registration>();
                    assertThat(selector.selectNow(told::add)).isEqualTo(told.size());
                    return told;
                })
                .get();
    }

    /// Returns what one select tells of, on this thread.
    static List<Registration> tell(SocketSelector selector) throws IOException {
        var told = new ArrayList<Registration>();
        assertThat(selector.select(told::add)).isEqualTo(told.size());
        return told;
    }

    /// Begins a select, and returns when it waits.
    default Waiting<List<Registration>> selecting(SocketSelector selector) {
        return Waiting.on(selector, threads(), () -> tell(selector));
    }
}
