"""Characters that are written or read in more than one way, where the general tables say nothing."""

_PAIRS = """
邨村 峯峰 衞卫 裏里 裡里 羣群 髙高 甯宁 寗宁 啟启 啓启 嶽岳 〇零 ○零 礮炮 黌黉 敎教 內内 吿告 淸清 靑青 値值
眞真 祕秘 鷄鸡 鉢钵 恆恒 溫温 旣既 卽即 敍叙 敘叙 揷插 歩步 綠绿 錄录 尙尚 爲为 產产 戶户 強强 煕熙 昇升 堃坤 喆哲
囯国 亜亚 仏佛 竜龙 學学 桜樱 沢泽 広广 県县 區区
"""
_SOUNDS = """
重:chong/zhong 长:chang/zhang 乐:le/yue 行:xing/hang 藏:zang/cang 朝:chao/zhao 都:du/dou 厦:xia/sha 六:liu/lu
曾:zeng/ceng 单:dan/shan 解:jie/xie 尉:wei/yu 蔚:wei/yu 泊:bo/po 番:fan/pan 会:hui/kuai 堡:bao/pu/bu
觉:jue/jiao 车:che/ju 和:he/huo 传:chuan/zhuan 宿:su/xiu 折:zhe/she 洞:dong/tong 什:shi/shen 种:zhong/chong
巷:xiang/hang 省:sheng/xing 盛:sheng/cheng 佛:fo/fu 圩:wei/xu 栖:qi/xi 埔:pu/bu 蚌:bang/beng 百:bai/bo
色:se/shai 阿:a/e 那:na/nuo 莫:mo/mu 参:can/shen 调:diao/tiao 弹:dan/tan 仇:chou/qiu 查:cha/zha
翟:zhai/di 盖:gai/ge 卡:ka/qia 率:shuai/lv 柏:bai/bo 大:da/dai 石:shi/dan 地:di/de 贾:jia/gu
绿:lv/lu 吕:lv/lu 女:nv/nu 旅:lv/lu 律:lv/lu 浒:hu/xu 铅:qian/yan 朴:pu/piao 郇:xun/huan
隽:juan/jun 杉:shan/sha 系:xi/ji 歙:she/xi 枞:zong/cong 涡:wo/guo 筠:jun/yun 犍:qian/jian 珲:hun/hui
牟:mu/mou 乘:cheng/sheng 镐:hao/gao 洗:xi/xian 适:shi/kuo 万:wan/mo
"""

#: Variant character → the usual one, for those that the conversion of traditional to simplified leaves alone.
VARIANTS: dict[int, str] = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
#: Characters that place and school names read in more than one way → their readings.
READINGS: dict[str, list[str]] = {pair[0]: pair[2:].split("/") for pair in _SOUNDS.split()}
