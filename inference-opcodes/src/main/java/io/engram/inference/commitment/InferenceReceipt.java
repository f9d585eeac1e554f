package io.engram.inference.commitment;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;

/**
 * The trace of one inference of one sample (protocol B3, B4).
 *
 * @param transactionIndex position of the transaction in its block
 * @param sequence position of the inference in its transaction, reverted frames included
 * @param gas inference gas charged for this sample; the first of a batch carries the charges of the call as a whole
 * @param credit the author's royalty for this sample, wei
 */
public record InferenceReceipt(
        int transactionIndex,
        int sequence,
        Hash modelId,
        Hash inputRoot,
        Hash outputRoot,
        Hash stepsRoot,
        long gas,
        Address author,
        Wei credit) {}
