package dev.dyad.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.FailsWhenEmulated;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Messages: their flags, their senders, what comes with them, and many at once.
@Timeout(60)
class MessagesTest {

    private final Calls calls = new Calls();
    private final Platform os = calls.os;
    private final CallState state = calls.state;

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void a_truncated_message_says_so_and_tells_its_length() {
        int[] pair = calls.pair(os.SOCK_DGRAM() | os.SOCK_CLOEXEC());
        MemorySegment header = message(calls.room(3));
        assertThat(SysSocket.send(state, pair[0], calls.bytes("twelve bytes"), os.MSG_NOSIGNAL()))
                .isEqualTo(12);

        assertThat(SysSocket.recvmsg(state, pair[1], header, os.MSG_TRUNC())).isEqualTo(12);

        assertThat(MsgHdr.flags(header) & os.MSG_TRUNC()).isEqualTo(os.MSG_TRUNC());
    }

    @Test
    void a_message_has_a_sender_and_finds_its_receiver() {
        MemorySegment address = calls.room(SockAddrUn.LAYOUT);
        int length = SockAddrUn.set(address, os.AF_UNIX(), name("receiver"));
        int receiver = socket(os.SOCK_DGRAM());
        assertThat(SysSocket.bind(state, receiver, address, length)).isZero();
        int sender = socket(os.SOCK_DGRAM());
        MemorySegment from = calls.room(SockAddrUn.LAYOUT);
        assertThat(SysSocket.bind(state, sender, from, SockAddrUn.set(from, os.AF_UNIX(), name("sender"))))
                .isZero();

        MemorySegment out = message(calls.bytes("to you"));
        MsgHdr.setName(out, address, length);
        assertThat(SysSocket.sendmsg(state, sender, out, os.MSG_NOSIGNAL())).isEqualTo(6);

        from.fill((byte) 0);
        MemorySegment in = message(calls.room(16));
        MsgHdr.setName(in, from, (int) from.byteSize());
        assertThat(SysSocket.recvmsg(state, receiver, in, 0)).isEqualTo(6);
        assertThat(SockAddrUn.path(from, MsgHdr.nameLength(in))).isEqualTo(name("sender"));
    }

    @Test
    void a_descriptor_goes_through_a_message_and_arrives_close_on_exec() {
        int[] pair = calls.pair();
        int[] given = calls.pair();
        assertThat(sendDescriptors(pair[0], given[0])).isOne();

        MemorySegment control = calls.room(CMsgHdr.space(64));
        MemorySegment in = received(pair[1], control);

        long length = MsgHdr.controlLength(in);
        assertThat(length).isEqualTo(CMsgHdr.space(4));
        assertThat(CMsgHdr.first(length)).isZero();
        assertThat(CMsgHdr.level(control, 0)).isEqualTo(os.SOL_SOCKET());
        assertThat(CMsgHdr.type(control, 0)).isEqualTo(os.SCM_RIGHTS());
        assertThat(CMsgHdr.next(control, length, 0)).isEqualTo(-1);
        MemorySegment data = CMsgHdr.data(control, length, 0);
        assertThat(data.byteSize()).isEqualTo(4);
        int arrived = calls.opened(data.get(ValueLayout.JAVA_INT, 0));
        assertThat(Fcntl.fcntl(state, arrived, os.F_GETFD(), 0)).isEqualTo(os.FD_CLOEXEC());
        assertThat(SysSocket.send(state, arrived, calls.bytes("x"), os.MSG_NOSIGNAL()))
                .isOne();
        assertThat(SysSocket.recv(state, given[1], calls.room(4), os.MSG_DONTWAIT()))
                .isOne();
    }

    @Test
    void several_control_messages_are_found_one_after_another() {
        int[] pair = calls.pair(os.SOCK_SEQPACKET() | os.SOCK_CLOEXEC());
        MemorySegment on = calls.arena.allocateFrom(ValueLayout.JAVA_INT, 1);
        for (int option : new int[] {os.SO_PASSCRED(), os.SO_TIMESTAMP()}) {
            assertThat(SysSocket.setsockopt(state, pair[1], os.SOL_SOCKET(), option, on, 4))
                    .isZero();
        }
        assertThat(sendDescriptors(pair[0], pair[0], pair[0], pair[0])).isOne();

        MemorySegment control = calls.room(256);
        MemorySegment in = received(pair[1], control);

        long length = MsgHdr.controlLength(in);
        var types = new ArrayList<Integer>();
        for (long at = CMsgHdr.first(length); at >= 0; at = CMsgHdr.next(control, length, at)) {
            MemorySegment data = CMsgHdr.data(control, length, at);
            types.add(CMsgHdr.type(control, at));
            if (CMsgHdr.type(control, at) == os.SCM_RIGHTS()) {
                assertThat(data.byteSize()).isEqualTo(12);
                for (int i = 0; i < 3; i++) {
                    int _ = calls.opened(data.getAtIndex(ValueLayout.JAVA_INT, i));
                }
            } else if (CMsgHdr.type(control, at) == os.SCM_CREDENTIALS()) {
                assertThat(Ucred.pid(data))
                        .isEqualTo((int) ProcessHandle.current().pid());
            } else {
                assertThat(Timeval.seconds(data)).isPositive();
            }
        }
        assertThat(types)
                .containsExactlyInAnyOrderElementsOf(
                        List.of(os.SCM_RIGHTS(), os.SCM_CREDENTIALS(), os.SCM_TIMESTAMP()));
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.CUT_CONTROL)
    void what_does_not_fit_beside_a_message_is_cut_off_and_said_so() {
        int[] pair = calls.pair();
        assertThat(sendDescriptors(pair[0], pair[0], pair[0], pair[0])).isOne();

        MemorySegment control = calls.room(CMsgHdr.length(4));
        MemorySegment in = received(pair[1], control);

        assertThat(MsgHdr.flags(in) & os.MSG_CTRUNC()).isEqualTo(os.MSG_CTRUNC());
        MemorySegment data = CMsgHdr.data(control, MsgHdr.controlLength(in), 0);
        assertThat(data.byteSize()).isEqualTo(4);
        int _ = calls.opened(data.get(ValueLayout.JAVA_INT, 0));
    }

    @Test
    void no_control_data_and_broken_control_data_have_no_messages() {
        MemorySegment control = calls.room(64);

        assertThat(CMsgHdr.first(0)).isEqualTo(-1);
        assertThat(CMsgHdr.first(15)).isEqualTo(-1);
        assertThat(CMsgHdr.next(control, 64, 0)).as("length zero").isEqualTo(-1);
        assertThat(CMsgHdr.data(control, 64, 0).byteSize()).isZero();

        CMsgHdr.set(control, 0, 1, 1, 1000);
        assertThat(CMsgHdr.next(control, 64, 0)).as("beyond the end").isEqualTo(-1);
        assertThat(CMsgHdr.data(control, 64, 0).byteSize()).isEqualTo(48);

        CMsgHdr.set(control, 0, 1, 1, -100);
        assertThat(CMsgHdr.next(control, 64, 0)).as("more than a long").isEqualTo(-1);
        assertThat(CMsgHdr.data(control, 64, 0).byteSize()).isZero();
    }

    @Test
    void many_messages_go_in_one_call_and_come_in_one() {
        int[] pair = calls.pair(os.SOCK_DGRAM() | os.SOCK_CLOEXEC());
        MemorySegment out = calls.arena.allocate(MMsgHdr.LAYOUT, 3);
        MemorySegment in = calls.arena.allocate(MMsgHdr.LAYOUT, 5);
        MemorySegment[] rooms = new MemorySegment[5];
        for (int i = 0; i < 3; i++) {
            MsgHdr.set(MMsgHdr.header(out, i), vector(calls.bytes("x".repeat(i + 1))), 1);
        }
        for (int i = 0; i < 5; i++) {
            rooms[i] = calls.room(8);
            MsgHdr.set(MMsgHdr.header(in, i), vector(rooms[i]), 1);
        }

        assertThat(os.sendMany(state, pair[0], out, 3, os.MSG_NOSIGNAL())).isEqualTo(3);
        assertThat(os.receiveMany(state, pair[1], in, 5, os.MSG_DONTWAIT())).isEqualTo(3);

        for (int i = 0; i < 3; i++) {
            assertThat(MMsgHdr.length(out, i)).isEqualTo(i + 1);
            assertThat(MMsgHdr.length(in, i)).isEqualTo(i + 1);
            assertThat(Calls.text(rooms[i], i + 1)).isEqualTo("x".repeat(i + 1));
        }
        assertThat(os.receiveMany(state, pair[1], in, 5, os.MSG_DONTWAIT())).isEqualTo(-os.errno("EAGAIN"));
        calls.close(pair[1]);
        assertThat(os.sendMany(state, pair[0], out, 3, os.MSG_NOSIGNAL())).isEqualTo(-os.errno("ECONNREFUSED"));
    }

    private long sendDescriptors(int fd, int... descriptors) {
        long size = 4L * descriptors.length;
        MemorySegment control = calls.room(CMsgHdr.space(size));
        CMsgHdr.set(control, 0, os.SOL_SOCKET(), os.SCM_RIGHTS(), size);
        CMsgHdr.data(control, control.byteSize(), 0).copyFrom(MemorySegment.ofArray(descriptors));
        MemorySegment header = message(calls.bytes("d"));
        MsgHdr.setControl(header, control, control.byteSize());
        return SysSocket.sendmsg(state, fd, header, os.MSG_NOSIGNAL());
    }

    private MemorySegment received(int fd, MemorySegment control) {
        MemorySegment header = message(calls.room(8));
        MsgHdr.setControl(header, control, control.byteSize());
        assertThat(SysSocket.recvmsg(state, fd, header, os.MSG_CMSG_CLOEXEC())).isOne();
        return header;
    }

    private MemorySegment message(MemorySegment part) {
        MemorySegment header = calls.room(MsgHdr.LAYOUT);
        MsgHdr.set(header, vector(part), 1);
        return header;
    }

    private MemorySegment vector(MemorySegment part) {
        MemorySegment vector = calls.room(IoVec.LAYOUT);
        IoVec.set(vector, 0, part);
        return vector;
    }

    private int socket(int type) {
        return calls.opened(SysSocket.socket(state, os.AF_UNIX(), type | os.SOCK_CLOEXEC(), 0));
    }

    private static byte[] name(String text) {
        return ("\0dyad-test-" + ProcessHandle.current().pid() + text).getBytes(StandardCharsets.UTF_8);
    }
}
