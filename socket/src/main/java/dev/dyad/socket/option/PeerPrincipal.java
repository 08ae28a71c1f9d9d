package dev.dyad.socket.option;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Ucred;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/// `SO_PEERCRED` as `jdk.net.ExtendedSocketOptions` has it: who made the other end, by name.
final class PeerPrincipal {

    private static final Platform OS = Platforms.current();
    private static final int NOBODY = -1;

    private PeerPrincipal() {}

    /// Returns the option, or nothing where the module `jdk.net` is not there.
    static Stream<OptionTable.Row<?>> rows() {
        try {
            return Stream.of(new OptionTable.Row<>(
                    ExtendedSocketOptions.SO_PEERCRED,
                    OptionTable.Scope.UNIX,
                    OS.SOL_SOCKET(),
                    OS.SO_PEERCRED(),
                    new OptionCodec<>(Ucred.LAYOUT.byteSize(), (_, _) -> MemorySegment.NULL, PeerPrincipal::of),
                    true));
        } catch (NoClassDefFoundError absent) {
            return Stream.empty();
        }
    }

    /// Returns `null` where the kernel took nothing down.
    private static @Nullable UnixDomainPrincipal of(MemorySegment ucred) throws IOException {
        return Ucred.uid(ucred) == NOBODY ? null : new UnixDomainPrincipal(user(ucred), group(ucred));
    }

    private static UserPrincipal user(MemorySegment ucred) throws IOException {
        int uid = Ucred.uid(ucred);
        for (Path process : processes(ucred)) {
            Map<String, Object> owner = ownerOf(process, "unix:uid,owner");
            if (owner.get("owner") instanceof UserPrincipal user
                    && Integer.valueOf(uid).equals(owner.get("uid"))) {
                return user;
            }
        }
        return FileSystems.getDefault()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(Integer.toUnsignedString(uid));
    }

    private static GroupPrincipal group(MemorySegment ucred) throws IOException {
        int gid = Ucred.gid(ucred);
        for (Path process : processes(ucred)) {
            Map<String, Object> owner = ownerOf(process, "unix:gid,group");
            if (owner.get("group") instanceof GroupPrincipal group
                    && Integer.valueOf(gid).equals(owner.get("gid"))) {
                return group;
            }
        }
        return FileSystems.getDefault()
                .getUserPrincipalLookupService()
                .lookupPrincipalByGroupName(Integer.toUnsignedString(gid));
    }

    /// The JDK tells a name only for the number of a file's owner, and most peers run as this process does, or run
    /// still. Even if another process has the pid by now, it is the number that is compared.
    private static Iterable<Path> processes(MemorySegment ucred) {
        return Stream.of("self", Integer.toString(Ucred.pid(ucred)))
                .map(name -> Path.of("/proc", name))
                .toList();
    }

    private static Map<String, Object> ownerOf(Path process, String attributes) {
        try {
            return Files.readAttributes(process, attributes);
        } catch (IOException gone) {
            return Map.of();
        }
    }
}
