package dev.dyad.socket;

import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.select.FdSelection;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The public methods of this package, as `Type.name(Parameter,Parameter)`.
final class PublicMethods {

    private static final List<Class<?>> TYPES = List.of(
            BorrowedFd.class,
            Descriptor.class,
            Endpoint.class,
            Listener.class,
            MessageSocket.class,
            Pipe.class,
            PipeEnd.class,
            Received.class,
            Registration.class,
            SocketPair.class,
            SocketSelector.class,
            StreamSocket.class,
            FdSelection.class,
            RawSocket.class,
            UnixSocketFactory.class);

    /// What makes no system call: values, what was found before, and objects that are yet to be used.
    private static final Set<String> WITHOUT_CALLS = Set.of(
            "BorrowedFd.fd()",
            "BorrowedFd.of(int,Runnable)",
            "Descriptor.borrow()",
            "Descriptor.isOpen()",
            "Descriptor.release()",
            "Descriptor.toString()",
            "Descriptor.waiters()",
            "Endpoint.endWaiting(Deadline,Supplier)",
            "Endpoint.keepOpenWhenInterrupted()",
            "Endpoint.supportedOptions()",
            "Endpoint.waiters()",
            "Listener.borrow()",
            "Listener.capabilities()",
            "Listener.toString()",
            "MessageSocket.borrow()",
            "MessageSocket.capabilities()",
            "MessageSocket.toString()",
            "Pipe.equals(Object)",
            "Pipe.hashCode()",
            "Pipe.sink()",
            "Pipe.source()",
            "Pipe.toString()",
            "PipeEnd.borrow()",
            "PipeEnd.capabilities()",
            "PipeEnd.inputStream()",
            "PipeEnd.isSink()",
            "PipeEnd.localAddress()",
            "PipeEnd.outputStream()",
            "PipeEnd.toString()",
            "Received.areDescriptorsTruncated()",
            "Received.credentials()",
            "Received.descriptors()",
            "Received.fullLength()",
            "Received.isEnd()",
            "Received.isTruncated()",
            "Received.length()",
            "Received.sender()",
            "Received.takeDescriptors()",
            "Registration.attachment()",
            "Registration.endpoint()",
            "Registration.interest()",
            "Registration.isReadable()",
            "Registration.isValid()",
            "Registration.isWritable()",
            "Registration.selector()",
            "SocketPair.left()",
            "SocketPair.of(Endpoint,Endpoint)",
            "SocketPair.right()",
            "SocketPair.toString()",
            "SocketSelector.isOpen()",
            "SocketSelector.registrations()",
            "SocketSelector.waiters()",
            "StreamSocket.adopt(SocketChannel)", // none of ours
            "FdSelection.isReady(RawSocket,int)",
            "FdSelection.isReady(int,RawSocket,int)",
            "RawSocket.borrow()",
            "RawSocket.family()",
            "RawSocket.isOpen()",
            "RawSocket.leave(Membership)",
            "RawSocket.look()",
            "RawSocket.membership(Object,Making)",
            "RawSocket.memberships()",
            "RawSocket.own(int,int)",
            "RawSocket.receiveAtOnce(boolean)",
            "RawSocket.receivesAtOnce()",
            "RawSocket.sendAtOnce(boolean)",
            "RawSocket.sendsAtOnce()",
            "RawSocket.waiters()",
            "UnixSocketFactory.createSocket()");

    private PublicMethods() {}

    /// Returns those that make a system call, directly or by what they call.
    static Set<String> thatMakeCalls() {
        var methods = TYPES.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isBridge())
                .filter(method -> method.getDeclaringClass() != Endpoint.class || isFinal(method))
                .map(PublicMethods::name)
                .collect(Collectors.toCollection(TreeSet::new));
        methods.removeAll(WITHOUT_CALLS);
        return methods;
    }

    /// What is not, each kind of end does by itself.
    private static boolean isFinal(Method method) {
        return Modifier.isFinal(method.getModifiers());
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName()
                + Stream.of(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(",", "(", ")"));
    }
}
