@NullMarked
package io.engram.client.consensus.qbft;

import org.jspecify.annotations.NullMarked;
