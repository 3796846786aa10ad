"""The modules that Asterisk loads: an allow list. What is not here cannot be attacked, and costs no memory.

No CDR, CEL or AMI: our own process keeps the records. No app_dial, queue, voicemail or parking: behaviour is ours.
`app_minivm` is here for one thing: it lights message-waiting lamps (`configuration.dialplan`), for which ARI has no
word in an Asterisk as Debian builds it (without res_mwi_external).
"""

from __future__ import annotations

_SORCERY = ("res_sorcery_config", "res_sorcery_realtime", "res_sorcery_memory", "res_sorcery_astdb")

PRELOADED = (*_SORCERY, "res_config_sqlite3")
"""Where objects come from has to be there before the first module asks for one."""

_BASE = ("res_timing_timerfd", "pbx_config", "res_crypto", "res_musiconhold")

_SIP = (
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_pubsub",
    "chan_pjsip",
    "res_pjsip_sdp_rtp",
    "res_pjsip_registrar",
    "res_pjsip_authenticator_digest",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_outbound_registration",
    "res_pjsip_caller_id",
    "res_pjsip_diversion",
    "res_pjsip_dtmf_info",
    "res_pjsip_header_funcs",
    "res_pjsip_nat",
    "res_pjsip_rfc3326",
    "res_pjsip_empty_info",
    "res_pjsip_mwi_body_generator",
    "res_pjsip_mwi",
)

_MEDIA = (
    "res_rtp_asterisk",
    "res_srtp",
    "codec_alaw",
    "codec_ulaw",
    "codec_a_mu",
    "codec_g722",
    "codec_resample",
    "format_wav",
    "format_pcm",
    "format_sln",
    "bridge_simple",
    "bridge_native_rtp",
    "bridge_softmix",
    "bridge_holding",
)

_DIALPLAN = (
    "func_callerid",
    "func_channel",
    "func_strings",
    "func_hangupcause",
    "func_pjsip_endpoint",
    "func_pjsip_aor",
    "func_pjsip_contact",
    "app_minivm",
    "app_playback",
    "app_stasis",
)

_ARI = (
    "res_http_websocket",
    "res_websocket_client",
    "res_stasis",
    "res_stasis_answer",
    "res_stasis_device_state",
    "res_stasis_playback",
    "res_stasis_recording",
    "res_stasis_snoop",
    "res_ari",
    "res_ari_model",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_device_states",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_playbacks",
    "res_ari_recordings",
    "res_ari_sounds",
)

LOADED = (*_BASE, *_SIP, *_MEDIA, *_DIALPLAN, *_ARI)
