package io.engram.inference.quantize;

/**
 * How an equalised network stores the channels (last axis) of a value: {@code stored = (real − offset) / factor}.
 *
 * @param offset one a channel; empty where nothing is changed
 * @param factor one a channel, positive; empty where nothing is changed
 */
record ChannelMap(float[] offset, float[] factor) {

    static final ChannelMap IDENTITY = new ChannelMap(new float[0], new float[0]);

    boolean isIdentity() {
        return factor.length == 0;
    }

    /** The stored form of element {@code index} of a value. */
    double stored(double real, int index) {
        return isIdentity() ? real : (real - offset[index % offset.length]) / factor[index % factor.length];
    }

    double real(double stored, int index) {
        return isIdentity() ? stored : stored * factor[index % factor.length] + offset[index % offset.length];
    }

    double factorOf(int channel) {
        return isIdentity() ? 1 : factor[channel];
    }

    double offsetOf(int channel) {
        return isIdentity() ? 0 : offset[channel];
    }
}
