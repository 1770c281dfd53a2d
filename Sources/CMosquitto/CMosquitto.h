// Door through which libmosquitto enters, built with the package trait MQTT only.
#ifndef THUNDERLINE_CMOSQUITTO_H
#define THUNDERLINE_CMOSQUITTO_H

#include <mosquitto.h>

#endif
