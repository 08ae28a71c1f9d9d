package dev.dyad.message;

import dev.dyad.socket.Descriptor;
import java.util.ArrayList;
import java.util.List;

/// The descriptors that came along with the bytes of a stream, until somebody has received the messages that they
/// belong to. For one thread at a time.
final class MessageDescriptors {

    private List<Arrived> arrived = List.of();
    private List<Descriptor> current = List.of(); // of the message under way

    /// What came with a read: it belongs to the last message that begins in its bytes.
    private record Arrived(long from, long to, List<Descriptor> descriptors) {}

    /// Keeps what came with bytes in which messages may begin.
    void add(List<Descriptor> come, long from, int count) {
        if (!come.isEmpty()) {
            arrived = arrived.isEmpty() ? new ArrayList<>() : arrived;
            arrived.add(new Arrived(from, from + count, come));
        }
    }

    /// Keeps what came with bytes of the message under way.
    void addToCurrent(List<Descriptor> come) {
        if (!come.isEmpty()) {
            var all = new ArrayList<>(current);
            all.addAll(come);
            current = all;
        }
    }

    /// Begins the message at `begin` to `end`: gives it the descriptors of each read in which no later message begins,
    /// and closes those of earlier reads, for which no message has begun.
    void claim(long begin, long end) {
        for (var some = arrived.iterator(); some.hasNext(); ) {
            Arrived came = some.next();
            if (came.from() <= begin && begin < came.to() && end >= came.to()) {
                addToCurrent(came.descriptors());
                some.remove();
            } else if (came.to() <= begin) { // no message has begun there that could have them
                came.descriptors().forEach(Descriptor::close);
                some.remove();
            }
        }
    }

    /// Takes those of the message under way.
    List<Descriptor> take() {
        List<Descriptor> taken = current;
        current = List.of();
        return taken;
    }

    void close() {
        arrived.forEach(some -> some.descriptors().forEach(Descriptor::close));
        arrived = List.of();
        current.forEach(Descriptor::close);
        current = List.of();
    }
}
