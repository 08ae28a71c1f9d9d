package dev.dyad.soak;

import static java.nio.channels.FileChannel.MapMode.READ_ONLY;
import static java.nio.channels.FileChannel.MapMode.READ_WRITE;

import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Descriptors of shared memory that are sent through a pair; some are never received, and the pair is closed on them.
final class DescriptorWorkload implements Workload {

    private static final int MOST_MESSAGES = 20; // all of them fit into the pair
    private static final int MOST_DESCRIPTORS = 4;
    private static final int LONGEST = 1 << 16;

    @Override
    public String name() {
        return "descriptors";
    }

    @Override
    public long round(Random random, KillTargets targets) throws Exception {
        int messages = 1 + random.nextInt(MOST_MESSAGES);
        int received = random.nextInt(messages + 1);
        List<List<Long>> sent = new ArrayList<>();
        try (SocketPair<StreamSocket> pair = SocketPair.stream()) {
            for (int i = 0; i < messages; i++) {
                sent.add(send(random, pair.left()));
            }
            long bytes = 0;
            for (int i = 0; i < received; i++) {
                bytes += receive(sent.get(i), pair.right());
            }
            return bytes;
        }
    }

    /// @return the seeds of what is in the descriptors that were sent with one byte
    private static List<Long> send(Random random, StreamSocket into) throws IOException {
        List<Descriptor> descriptors = new ArrayList<>();
        List<Long> seeds = new ArrayList<>();
        try {
            for (int i = random.nextInt(MOST_DESCRIPTORS); i >= 0; i--) {
                long seed = random.nextLong();
                descriptors.add(memory(seed));
                seeds.add(seed);
            }
            into.send(ByteBuffer.allocate(1), descriptors);
            return seeds;
        } finally {
            descriptors.forEach(Descriptor::close);
        }
    }

    private static int length(long seed) {
        return 1 + new Random(seed).nextInt(LONGEST);
    }

    private static Descriptor memory(long seed) throws IOException {
        Descriptor memory = Descriptor.memory("soak", length(seed));
        try (var arena = Arena.ofConfined()) {
            memory.map(READ_WRITE, 0, length(seed), arena)
                    .copyFrom(MemorySegment.ofBuffer(SeededBytes.message(seed, length(seed))));
            return memory;
        } catch (IOException | RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /// Looks at them, or leaves it to the message to close them.
    private static long receive(List<Long> seeds, StreamSocket from) throws IOException {
        try (Received message = from.receive(ByteBuffer.allocate(1), MOST_DESCRIPTORS)) {
            if (message.descriptors().size() != seeds.size()) {
                throw new AssertionError("%d descriptors of %d came"
                        .formatted(message.descriptors().size(), seeds.size()));
            }
            long bytes = 0;
            for (int i = 0; i < seeds.size(); i++) {
                bytes += compare(message.descriptors().get(i), seeds.get(i));
            }
            return bytes;
        }
    }

    private static long compare(Descriptor memory, long seed) throws IOException {
        try (var arena = Arena.ofConfined()) {
            int length = length(seed);
            ByteBuffer there = memory.map(READ_ONLY, 0, length, arena).asByteBuffer();
            if (!there.equals(SeededBytes.message(seed, length))) {
                throw new AssertionError("the memory of %d bytes is another one".formatted(length));
            }
            return length;
        }
    }
}
