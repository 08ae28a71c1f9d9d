package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.socket.fd.RawSocket;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What becomes the owner of a descriptor, or makes something else of it.
final class AdoptionOperations {

    private AdoptionOperations() {}

    static Stream<Operation> all() {
        return Stream.of(
                        adopting(),
                        becoming(),
                        files(),
                        Stream.of(waiting()),
                        Stream.of(waiting()).map(Operation::onVirtualThread))
                .flatMap(some -> some);
    }

    private static Stream<Operation> adopting() {
        return Stream.of(
                        Operation.of(
                                "adopt a stream",
                                "StreamSocket.adopt(int)",
                                () -> new Adopting(SocketPair.stream(), StreamSocket::adopt)),
                        Operation.of(
                                "adopt a datagram socket",
                                "MessageSocket.adopt(int)",
                                () -> new Adopting(SocketPair.datagram(), MessageSocket::adopt)),
                        Operation.of(
                                "adopt a packet socket",
                                "",
                                () -> new Adopting(SocketPair.seqpacket(), MessageSocket::adopt)),
                        Operation.of(
                                "adopt a listener",
                                "Listener.adopt(int)",
                                () -> new Adopting(Listener.stream(Places.name()), Listener::adopt)),
                        Operation.of(
                                "adopt a listener for streams",
                                "Listener.adoptStream(int)",
                                () -> new Adopting(Listener.stream(Places.name()), Listener::adoptStream)),
                        Operation.of(
                                "adopt a listener for packets",
                                "Listener.adoptSeqpacket(int)",
                                () -> new Adopting(Listener.seqpacket(Places.name()), Listener::adoptSeqpacket)),
                        Operation.of(
                                "adopt an end of a pipe",
                                "PipeEnd.adopt(int)",
                                () -> new Adopting(Pipe.open(), PipeEnd::adopt)),
                        Operation.of(
                                "adopt a descriptor",
                                "Descriptor.adopt(int)",
                                () -> new Adopting(SocketPair.stream(), Descriptor::adopt)),
                        Operation.of(
                                "adopt a socket for calls as they are",
                                "RawSocket.adopt(int)",
                                () -> new Adopting(SocketPair.datagram(), RawSocket::adopt)))
                .map(Operation::withForeignNumber);
    }

    private static Stream<Operation> becoming() {
        return Stream.of(
                        Operation.of(
                                "make a stream of a descriptor",
                                "Descriptor.toStreamSocket()",
                                () -> new Becoming(SocketPair.stream(), Descriptor::toStreamSocket)),
                        Operation.of(
                                "make a packet socket of a descriptor",
                                "Descriptor.toMessageSocket()",
                                () -> new Becoming(SocketPair.seqpacket(), Descriptor::toMessageSocket)),
                        Operation.of(
                                "make a listener of a descriptor",
                                "Descriptor.toListener()",
                                () -> new Becoming(Listener.seqpacket(Places.name()), Descriptor::toListener)),
                        Operation.of(
                                "make an end of a pipe of a descriptor",
                                "Descriptor.toPipeEnd()",
                                () -> new Becoming(Pipe.open(), Descriptor::toPipeEnd)),
                        Operation.of(
                                "close a descriptor",
                                "Descriptor.close()",
                                () -> new Becoming(SocketPair.stream(), descriptor -> {
                                    try (BorrowedFd _ = descriptor.borrow()) {
                                        descriptor.close();
                                    }
                                    return descriptor;
                                })))
                .map(Operation::withForeignNumber);
    }

    private static Operation waiting() {
        return Operation.of("wait for a descriptor", "Descriptor.awaitReadable(Deadline)", Awaiting::new)
                .withForeignNumber();
    }

    private static Stream<Operation> files() {
        return Stream.of(
                Operation.of("open a file", "Descriptor.open(Path,OpenOption[])", FileOpening::new),
                Operation.of(
                        "open memory", "Descriptor.memory(String)", () -> new Opening(() -> Descriptor.memory("walk"))),
                Operation.of(
                                "open memory that is sealed",
                                "Descriptor.memory(String,long,Seal[])",
                                () -> new Opening(() -> Descriptor.memory("walk", 8, Seal.SHRINK)))
                        .withForeignNumber(),
                Operation.of(
                                "seal memory",
                                "Descriptor.seal(Seal[])",
                                () -> new Using<>(Descriptor.memory("walk", 8), file -> file.seal(Seal.SHRINK)))
                        .withForeignNumber(),
                Operation.of(
                                "ask for seals",
                                "Descriptor.seals()",
                                () -> new Using<>(
                                        Descriptor.memory("walk", 8),
                                        file -> assertThat(file.seals()).isEmpty()))
                        .withForeignNumber(),
                Operation.of(
                                "duplicate a descriptor",
                                "Descriptor.duplicateOf(DescriptorSource)",
                                () -> new Using<>(
                                        Descriptor.memory("walk"),
                                        file -> Descriptor.duplicateOf(file).close()))
                        .withForeignNumber(),
                Operation.of(
                                "duplicate a socket for calls as they are",
                                "RawSocket.duplicateOf(int)",
                                () -> new Using<>(SocketPair.stream(), pair -> {
                                    try (BorrowedFd number = pair.left().borrow()) {
                                        RawSocket.duplicateOf(number.fd()).close();
                                    }
                                }))
                        .withForeignNumber(),
                Operation.of(
                                "duplicate what the JDK has open",
                                "Descriptor.duplicateOfChannel(Channel) Descriptor.duplicateOfFile(FileDescriptor)",
                                () -> new Opening(() -> {
                                    try (var pair = SocketPair.stream();
                                            Descriptor _ = Descriptor.duplicateOfChannel(pair.left())) {
                                        return Descriptor.duplicateOfFile(FileDescriptor.err);
                                    }
                                }))
                        .withForeignNumber(),
                Operation.of(
                                "duplicate standard streams",
                                "Descriptor.standardInput() Descriptor.standardOutput() Descriptor.standardError()",
                                () -> new Opening(() -> {
                                    try (Descriptor _ = Descriptor.standardInput();
                                            Descriptor _ = Descriptor.standardOutput()) {
                                        return Descriptor.standardError();
                                    }
                                }))
                        .withForeignNumber(),
                Operation.of("make a channel of a file", "Descriptor.toFileChannel()", Channelling::new)
                        .where("fstat", ManualErrors.Meaning.EITHER), // one of them is a guess
                Operation.of("map a file", "Descriptor.map(MapMode,long,long,Arena)", Mapping::new)
                        .where("fstat", ManualErrors.Meaning.EITHER));
    }

    /// A number has a new owner, or stays what it was.
    private static final class Adopting extends Stage {
        private final Closeable keeper;
        private final int number;
        private final Adoption adoption;
        private @Nullable Closeable owner;

        interface Adoption {
            Closeable of(int fd) throws IOException;
        }

        Adopting(SocketPair<?> pair, Adoption adoption) throws IOException {
            this(pair, pair.left(), adoption);
        }

        Adopting(Pipe pipe, Adoption adoption) throws IOException {
            this(pipe, pipe.sink(), adoption);
        }

        Adopting(Listener<?> listener, Adoption adoption) throws IOException {
            this(listener, listener, adoption);
        }

        private Adopting(Closeable keeper, DescriptorSource source, Adoption adoption) throws IOException {
            this.keeper = keeper;
            this.adoption = adoption;
            number = Numbers.another(source);
        }

        @Override
        void run() throws IOException {
            owner = adoption.of(number);
        }

        @Override
        public void close() throws IOException {
            try (keeper) {
                if (owner != null) {
                    owner.close();
                } else {
                    Numbers.close(number);
                }
            }
        }
    }

    /// A descriptor becomes something else, or stays what it was.
    private static final class Becoming extends Stage {
        private final Closeable keeper;
        private final Descriptor descriptor;
        private final Change change;
        private @Nullable Closeable changed;

        interface Change {
            Closeable of(Descriptor descriptor) throws IOException;
        }

        Becoming(SocketPair<?> pair, Change change) throws IOException {
            this(pair, pair.left(), change);
        }

        Becoming(Pipe pipe, Change change) throws IOException {
            this(pipe, pipe.source(), change);
        }

        Becoming(Listener<?> listener, Change change) throws IOException {
            this(listener, listener, change);
        }

        private Becoming(Closeable keeper, DescriptorSource source, Change change) throws IOException {
            this.keeper = keeper;
            this.change = change;
            descriptor = Descriptor.adopt(Numbers.another(source));
        }

        @Override
        void run() throws IOException {
            changed = change.of(descriptor);
        }

        @Override
        void verify(@Nullable Throwable thrown) {
            assertThat(descriptor.isOpen()).isEqualTo(changed == null && !(thrown instanceof AssertionError));
        }

        @Override
        public void close() throws IOException {
            try (keeper;
                    descriptor) {
                if (changed != null) {
                    changed.close();
                }
            }
        }
    }

    /// A descriptor is waited for until it can be read.
    private static final class Awaiting extends StreamStage {
        private final Descriptor descriptor = Descriptor.adopt(Numbers.another(end));

        Awaiting() throws IOException {}

        @Override
        void run() throws IOException {
            descriptor.awaitReadable(soon());
        }

        @Override
        void meanwhile(BooleanSupplier over) throws IOException {
            Await.until(() -> descriptor.waiters() > 0 || over.getAsBoolean(), SOON);
            peer.write(ByteBuffer.allocate(1));
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            descriptor.awaitReadable(soon());
        }

        @Override
        public void close() throws IOException {
            descriptor.close();
            super.close();
        }
    }

    /// A file is created and opened.
    private static final class FileOpening extends Opening {
        private final Path folder;

        FileOpening() throws IOException {
            this(Files.createTempDirectory("walk"));
        }

        private FileOpening(Path folder) {
            super(() ->
                    Descriptor.open(folder.resolve("file"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            this.folder = folder;
        }

        @Override
        public void close() throws IOException {
            super.close();
            boolean _ = Files.deleteIfExists(folder.resolve("file"));
            Files.delete(folder);
        }
    }

    /// A stage with a file that is memory, of eight bytes.
    private abstract static class FileStage extends Stage {
        final Descriptor file = Descriptor.memory("walk");
        final Arena arena = Arena.ofShared();

        FileStage() throws IOException {
            map().set(ValueLayout.JAVA_LONG, 0, 42);
        }

        MemorySegment map() throws IOException {
            return file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES, arena);
        }

        @Override
        public void close() throws IOException {
            arena.close();
            file.close();
        }
    }

    /// A file is mapped, and stays what it was.
    private static final class Mapping extends FileStage {

        Mapping() throws IOException {}

        @Override
        void run() throws IOException {
            assertThat(map().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            run();
        }
    }

    /// A file becomes a channel, or stays what it was.
    private static final class Channelling extends FileStage {
        private @Nullable FileChannel channel;

        Channelling() throws IOException {}

        @Override
        void run() throws IOException {
            channel = file.toFileChannel();
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            FileChannel own = channel;
            if (own == null) {
                own = file.toFileChannel();
                channel = own;
            }
            var read = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            assertThat(own.read(read, 0)).isEqualTo(Long.BYTES);
            assertThat(read.getLong(0)).isEqualTo(42);
            assertThat(file.isOpen()).isFalse();
        }

        @Override
        public void close() throws IOException {
            super.close();
            if (channel != null) {
                channel.close();
            }
        }
    }
}
