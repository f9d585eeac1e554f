package io.engram.p2p.peer;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;

/** How many peers may share a public address or subnet, so that one host cannot surround this node. */
public final class AddressLimits {

    private static final int IPV4_SUBNET_BYTES = 3;
    private static final int IPV6_SUBNET_BYTES = 6;

    private AddressLimits() {}

    /** Whether {@code candidate} may join the peers at {@code present}. */
    static boolean admits(Collection<InetAddress> present, InetAddress candidate) {
        if (!isPublic(candidate)) {
            return true;
        }
        long sameAddress = present.stream().filter(candidate::equals).count();
        long sameSubnet = present.stream()
                .filter(address -> isSameSubnet(address, candidate))
                .count();
        return sameAddress < PeerLimits.PEERS_PER_ADDRESS && sameSubnet < PeerLimits.PEERS_PER_SUBNET;
    }

    /** Whether both lie in one /24 (IPv4) or /48 (IPv6). */
    public static boolean isSameSubnet(InetAddress a, InetAddress b) {
        byte[] left = a.getAddress();
        byte[] right = b.getAddress();
        int prefix = a instanceof Inet4Address ? IPV4_SUBNET_BYTES : IPV6_SUBNET_BYTES;
        return left.length == right.length && Arrays.equals(left, 0, prefix, right, 0, prefix);
    }

    /** Whether the address is one of the Internet's, not of a host, a site or a provider's inside. */
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        boolean sharedSpace = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 0x40;
        return !(address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || uniqueLocal
                || sharedSpace);
    }
}
